import { AuthError } from './errors.js';

/**
 * A part of this package that is loaded on first use. It may be out of reach: the page is offline, or a newer deployment has taken the
 * file away, and a reload helps.
 */
export const part = <T>(loading: Promise<T>): Promise<T> =>
  loading.catch(cause => {
    throw new AuthError('part_unavailable', undefined, { cause });
  });
