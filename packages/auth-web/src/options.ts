import type { EndpointPath } from './endpoints.js';
import { AuthError } from './errors.js';
import { hasPage } from './page.js';
import { MemoryTokenCache } from './token-cache/memory-token-cache.js';
import type { TokenCache, WebStorage } from './token-cache/token-cache.js';
import { WebStorageTokenCache } from './token-cache/web-storage-token-cache.js';

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** An option that is `undefined` counts as absent. */
export type AuthClientOptions = Optional<{
  /** The authorization server's base, e.g. `/auth`; required unless `issuer` is given. */
  baseURL: string | URL;
  /** @deprecated An alias of `baseURL`. */
  baseUrl: string | URL;
  /** The issuer that answers must name. Default: `baseURL` resolved against the page. */
  issuer: string | URL;
  /** Read endpoints from the issuer's discovery document. Default: when `issuer` is given alone. */
  discovery: boolean;
  /** Where another server has what ours has at these paths, as whole addresses. */
  paths: { [K in EndpointPath]?: string };
  /** Required. */
  clientId: string;
  /** The selected account; sent with every request for a token. */
  accountId: string;
  /** Send cookies with cross-site requests. */
  credentials: boolean;
  /** Where a sign-in comes back to. Default: the page's origin. */
  redirectUri: string | URL;
  /** Default: `silent-callback.html` at the page's origin. */
  silentRedirectUri: string | URL;
  /** Space-separated. Default: `USER`. `openid` is added, with rotation `OFFLINE_ACCESS` too. */
  scope: string;
  /** Extra parameters of every authorize request; tokens are cached per value. */
  authorizeParams: Record<string, string>;
  /** Origins, beside the page's own, to which `fetch` may send the token. */
  apiOrigins: readonly string[];
  /** Where a sign-in under way is remembered. Default: session storage. */
  transactionStorage: WebStorage;
  tokenCache: TokenCache;
  useRefreshTokens: boolean;
  /** Default: true. False only for servers without it. */
  usePkce: boolean;
  /** Ask in an iframe when there is no refresh token, or a dead one. Default: true. */
  useIFrameAsFallbackForRefreshToken: boolean;
  useSessionStorageForTokenCache: boolean;
  useLocalStorageForTokenCache: boolean;
  /** Mark return addresses of registration so that auth-react goes on to sign-in. Default: true with rotation. */
  enableAutoRedirectToLoginParam: boolean;
  fetchUserOperationsWithAccessToken: boolean;
  /** Revoke the refresh token at sign-out. Default: true. */
  enableTokenRevocation: boolean;
  /**
   * For a site apart from the server's: when neither cookie nor token survives a reload, `checkSession` may ask once a load by
   * navigating the page itself.
   */
  useTopLevelSilentLogin: boolean;
  enableDebug: boolean;
}>;

type Resolved = { clientId: string; baseURL: string; scope: string; tokenCache: TokenCache };

/** The options as given, and what every client has. Addresses stay as they are: resolving them needs a page. */
export type Settings = Omit<AuthClientOptions, keyof Resolved> & Resolved;

export function settle(options: AuthClientOptions): Settings {
  const { baseURL, baseUrl, issuer, clientId, scope = 'USER', tokenCache = cacheFor(options) } = options;
  const given = baseURL ?? baseUrl;
  const base = given ?? issuer;
  const { discovery = !given } = options;
  if (!base || !clientId || (baseUrl && String(baseUrl) !== String(base)))
    throw new AuthError('configuration', 'clientId, baseURL');
  return { ...options, discovery, scope, tokenCache, clientId, baseURL: String(base) };
}

/** Memory, unless storage is asked for and there is one. */
function cacheFor({ useLocalStorageForTokenCache, useSessionStorageForTokenCache }: AuthClientOptions): TokenCache {
  try {
    if (useLocalStorageForTokenCache) return new WebStorageTokenCache(localStorage);
    if (useSessionStorageForTokenCache) return new WebStorageTokenCache(sessionStorage);
  } catch {
    // Storage is missing, as in Node, or forbidden.
  }
  return new MemoryTokenCache();
}

/** Where a sign-in comes back to: as given, or the page's origin without a slash. */
export const redirectUriOf = (
  { redirectUri }: Settings,
  options?: { redirectUri?: string | URL | undefined },
): string => String(options?.redirectUri ?? redirectUri ?? location.origin);

export const silentRedirectUriOf = ({ silentRedirectUri }: Settings): string =>
  String(silentRedirectUri ?? `${location.origin}/silent-callback.html`);

/** Without a slash at the end. */
export const baseOf = ({ baseURL }: Settings): string =>
  (hasPage() ? new URL(baseURL, location.href).href : baseURL).replace(/\/$/, '');

export const issuerOf = (settings: Settings): string => String(settings.issuer ?? baseOf(settings));

/** Names a client of an issuer: the keys of its tokens, its lock and its channel among tabs. */
export const clientName = (settings: Settings): string => `${issuerOf(settings)}|${settings.clientId}`;
