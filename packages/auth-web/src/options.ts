import { AuthError } from './errors.js';
import { absolute, hasPage, warnInDevelopment } from './page.js';
import type { TokenCache, WebStorage } from './token-cache/token-cache.js';
import { WebStorageTokenCache } from './token-cache/web-storage-token-cache.js';

/** Where the endpoints lie below `baseURL`. Another OpenID provider's may be given as absolute URLs. */
export interface EndpointPaths {
  authorize: string;
  token: string;
  revoke: string;
  userInfo: string;
  logout: string;
  session: string;
  register: string;
  changePassword: string;
  rememberMe: string;
  embeddedRegister: string;
  embeddedLogin: string;
  userOperations: string;
}

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** An option that is `undefined` counts as absent. */
export type AuthClientOptions = Optional<{
  /** The authorization server's base, e.g. `/auth`; required unless `issuer` is given. */
  baseURL: string | URL;
  /** @deprecated An alias of `baseURL`. */
  baseUrl: string | URL;
  /** The issuer that answers must name. Default: `baseURL` resolved against the page. */
  issuer: string | URL;
  /** Read endpoints from the issuer's discovery document instead of `paths`. */
  discovery: boolean;
  paths: Partial<EndpointPaths>;
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

/** The options with their defaults, read once. Addresses stay as given: resolving them needs a page. */
export type Settings = ReturnType<typeof settle>;

export function settle(options: AuthClientOptions) {
  const { baseUrl, issuer, clientId, useSessionStorageForTokenCache, useLocalStorageForTokenCache } = options;
  if (baseUrl !== undefined) {
    if (options.baseURL !== undefined && String(baseUrl) !== String(options.baseURL))
      throw new AuthError('configuration', '`baseURL` and `baseUrl` differ; give `baseURL` only.');
    warnInDevelopment('`baseUrl` is an alias; write `baseURL`.');
  }
  const base = options.baseURL ?? baseUrl ?? issuer;
  if (!base || !clientId) throw new AuthError('configuration', '`baseURL` and `clientId` are required.');
  const useRefreshTokens = !!options.useRefreshTokens;
  const stored = useLocalStorageForTokenCache || useSessionStorageForTokenCache;
  if (stored && !useRefreshTokens)
    warnInDevelopment('Tokens in browser storage are only recommended together with `useRefreshTokens`.');
  return {
    base: String(base),
    issuer: issuer && String(issuer),
    discovery: !!options.discovery,
    paths: options.paths ?? {},
    clientId,
    credentials: !!options.credentials,
    redirectUri: options.redirectUri,
    silentRedirectUri: options.silentRedirectUri,
    scope: options.scope || 'USER',
    authorizeParams: options.authorizeParams ?? {},
    apiOrigins: options.apiOrigins ?? [],
    transactionStorage: options.transactionStorage,
    tokenCache:
      options.tokenCache ??
      new WebStorageTokenCache(
        useLocalStorageForTokenCache
          ? () => localStorage
          : useSessionStorageForTokenCache
            ? () => sessionStorage
            : undefined,
      ),
    useRefreshTokens,
    /** A duplicated tab starts with a copy of this cache. */
    cacheIsCopiedWithTab: !options.tokenCache && !useLocalStorageForTokenCache && !!useSessionStorageForTokenCache,
    usePkce: options.usePkce !== false,
    iframeFallback: options.useIFrameAsFallbackForRefreshToken !== false,
    markRegistration: options.enableAutoRedirectToLoginParam ?? useRefreshTokens,
    userOperationsWithToken: !!options.fetchUserOperationsWithAccessToken,
    revoke: options.enableTokenRevocation !== false,
    topLevelSilentLogin: !!options.useTopLevelSilentLogin,
    /** Tells events, which hold nothing secret, on the console. */
    debug: !!options.enableDebug,
  };
}

/** Where a sign-in comes back to: as given, or the page's origin without a slash. */
export const redirectUriOf = (settings: Settings): string => String(settings.redirectUri ?? location.origin);

export const silentRedirectUriOf = (settings: Settings): string =>
  String(settings.silentRedirectUri ?? `${location.origin}/silent-callback.html`);

/** Base and issuer compare without a slash at the end. */
export const baseOf = (settings: Settings): string => absolute(settings.base).href.replace(/\/$/, '');

export const issuerOf = (settings: Settings): string => settings.issuer ?? baseOf(settings);

/** Names a client of an issuer: the keys of its tokens, its lock and its channel among tabs. */
export const clientName = (settings: Settings): string =>
  `${hasPage() ? issuerOf(settings) : settings.base}|${settings.clientId}`;
