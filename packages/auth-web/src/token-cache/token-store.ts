import { part } from '../part.js';
import { MemoryTokenCache } from './memory-token-cache.js';
import type { CachedAccessToken, CachedSession, TokenCache, TokenCacheEntry } from './token-cache.js';

/** Epoch milliseconds that go on evenly while this page lives, whatever is done to the clock. */
export const steadyNow = (): number => performance.timeOrigin + performance.now();

/** Milliseconds left of a token. Elapsed is the larger of wall and monotonic time; a clock set back between pages tells nothing. */
export function remaining({ lifetime, receivedAt, receivedTicks }: CachedAccessToken): number {
  const elapsed = Math.max(Date.now() - receivedAt, steadyNow() - receivedTicks);
  return elapsed < 0 ? 0 : lifetime - elapsed;
}

/** Due for renewal with less than 30 s left, of a token shorter than a minute with less than half. */
export const ifFresh = (token: CachedAccessToken | undefined): CachedAccessToken | undefined =>
  token && remaining(token) > Math.min(30_000, token.lifetime / 2) ? token : undefined;

/** Whether two states belong to one sign-in of one person. */
export const isSameSession = (a: Partial<CachedSession>, b: Partial<CachedSession>): boolean =>
  a.sub === b.sub && a.sid === b.sid;

/** One client's entries of a cache, readable at once whatever the cache's kind. */
export type TokenStore = ReturnType<typeof tokenStore>;

export function tokenStore(given: TokenCache, name: () => string) {
  let cache = given;
  let loading: Promise<void> | undefined;
  const at = (key: string) => `${name()}|${key}`;

  /** A cache that answers by promise is replaced by a copy in memory, which passes on what is written. */
  async function load(): Promise<void> {
    const entries = given.entries();
    if (entries instanceof Promise)
      cache = (await part(import('./copied-token-cache.js'))).copyOf(given, await entries);
  }

  /** Before that copy is there, nothing is known: a promise holds no claims. */
  function get<T extends TokenCacheEntry>(key: string): T | undefined {
    const entry = cache.get(key) as T | undefined;
    return entry?.claims && entry;
  }

  const store = {
    /** Reads a cache that answers by promise into memory; once, unless `again`. */
    load(again?: boolean): Promise<void> {
      if (again || !loading) loading = load();
      return loading;
    },

    session: () => get<CachedSession>(name()),

    /** One that is not of the session's person counts as none, however it came there. */
    token(key: string): CachedAccessToken | undefined {
      const token = get<CachedAccessToken>(at(key));
      return token?.claims.sub === store.session()?.claims.sub ? token : undefined;
    },

    tokens: (): [string, CachedAccessToken][] =>
      [...(cache.entries() as Iterable<[string, CachedAccessToken]>)].flatMap(([key, token]) =>
        key.startsWith(at('')) ? [[key.slice(at('').length), token]] : [],
      ),

    /**
     * Keeps a state of the session with tokens. What a full storage does not take lives as long as the page, and nothing older is left
     * behind there: a refresh token that was used may not be used again.
     */
    put(session: CachedSession, tokens: readonly [string, CachedAccessToken][] = []): void {
      try {
        cache.set(name(), session);
        for (const [key, token] of tokens) cache.set(at(key), token);
      } catch {
        store.clear();
        cache = new MemoryTokenCache();
        store.put(session, tokens);
      }
    },

    drop: (key: string) => void cache.remove(at(key)),

    /** Forgets access tokens; the next use renews. */
    dropTokens(): void {
      for (const [key] of store.tokens()) store.drop(key);
    },

    clear(): void {
      store.dropTokens();
      cache.remove(name());
    },
  };
  return store;
}
