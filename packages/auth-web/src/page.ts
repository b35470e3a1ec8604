import { AuthError } from './errors.js';

/** Whether there is a page to sign in from; false in Node, workers and server rendering. */
export const hasPage = (): boolean => typeof document !== 'undefined';

export function requirePage(): void {
  if (!hasPage()) throw new AuthError('browser_required');
}
