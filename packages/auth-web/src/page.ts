import { AuthError } from './errors.js';

declare const process: { env: Record<string, string | undefined> };

/** Whether there is a page to sign in from; false in Node, workers and server rendering. */
export const hasPage = (): boolean => typeof window !== 'undefined' && typeof document !== 'undefined';

export function requirePage(): void {
  if (!hasPage()) throw new AuthError('browser_required', 'This call needs a browser page.');
}

/** An absolute URL, relative ones read against the page. */
export const absolute = (url: string | URL): URL => new URL(url, hasPage() ? location.href : undefined);

const warned = new Set<string>();

/** Says something once, in development only: bundlers replace `NODE_ENV`; without one, a loopback host counts as development. */
export function warnInDevelopment(message: string): void {
  let development: boolean;
  try {
    development = process.env.NODE_ENV !== 'production';
  } catch {
    development = hasPage() && /^(localhost|127\.|\[::1)/.test(location.hostname);
  }
  if (!development || warned.has(message)) return;
  warned.add(message);
  console.warn(`[linden] ${message}`);
}
