import type { SessionExpiry } from '../session-expiry/session-expiry.js';
import type { IdentityClaims } from '../token-response/identity-claims.js';

/** The part of `Storage` that is used; session storage and local storage fit. */
export type WebStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** One access token, under a key of client, account, scope and extra parameters. */
export interface CachedAccessToken {
  accessToken: string;
  /** Milliseconds it was good for at `receivedAt`. */
  lifetime: number;
  /** Epoch milliseconds by the browser's clock. */
  receivedAt: number;
  /** The same by the monotonic clock. */
  receivedTicks: number;
  claims: IdentityClaims;
}

/** What belongs to the sign-in rather than to one token, under one key per client. */
export interface CachedSession {
  sub?: string | undefined;
  sid?: string | undefined;
  idToken?: string | undefined;
  refreshToken?: string | undefined;
  expiry?: SessionExpiry | undefined;
  claims: IdentityClaims;
  /** Epoch milliseconds; the later of two states of one session is the newer. */
  receivedAt: number;
  /** The page that wrote this: a duplicated tab starts with another's. */
  page: number;
}

export type TokenCacheEntry = CachedAccessToken | CachedSession;

/**
 * Where tokens are kept. Entries are plain JSON. A cache may answer at once or by promise; one that answers by promise is read
 * into memory by `checkSession`, and the client's synchronous methods then read that copy.
 */
export interface TokenCache {
  get(key: string): TokenCacheEntry | undefined | Promise<TokenCacheEntry | undefined>;
  set(key: string, entry: TokenCacheEntry): unknown;
  remove(key: string): void | Promise<void>;
  entries(): Iterable<[string, TokenCacheEntry]> | Promise<Iterable<[string, TokenCacheEntry]>>;
  clear(): void | Promise<void>;
}
