import type { ClientEvents } from './events.js';
import type { AuthClientOptions } from './options.js';
import { hasPage } from './page.js';

declare const process: { env: { NODE_ENV?: string } };

const warned = new Set<string>();

/** Says something once, in development only: bundlers replace `NODE_ENV`; without one, a loopback host counts as development. */
function warn(message: string): void {
  let isDevelopment: boolean;
  try {
    isDevelopment = process.env.NODE_ENV !== 'production';
  } catch {
    isDevelopment = hasPage() && /^(localhost|127\.|\[::1)/.test(location.hostname);
  }
  if (!isDevelopment || warned.has(message)) return;
  warned.add(message);
  console.warn(`[linden] ${message}`);
}

/** Says which options work but are not recommended, and with `enableDebug` what happens. Events hold nothing secret. */
export function advise(options: AuthClientOptions, events: ClientEvents): void {
  const isStored = options.useLocalStorageForTokenCache || options.useSessionStorageForTokenCache;
  if (options.baseUrl) warn('`baseUrl` is an alias; write `baseURL`.');
  if (isStored && !options.useRefreshTokens)
    warn('Tokens in browser storage are only recommended together with `useRefreshTokens`.');
  if (options.enableDebug) events.subscribe(event => console.debug('[linden]', event));
}
