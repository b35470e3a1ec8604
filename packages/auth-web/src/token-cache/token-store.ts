import type { CachedAccessToken, CachedSession, TokenCache, TokenCacheEntry } from './token-cache.js';

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown>)?.then === 'function';

/** Milliseconds left of a token. Elapsed is the larger of wall and monotonic time; a wall clock set back tells nothing. */
export function remaining(token: CachedAccessToken): number {
  const wall = Date.now() - token.receivedAt;
  const ticks =
    token.page === performance.timeOrigin ? performance.now() - token.receivedTicks : wall < 0 ? token.lifetime : 0;
  return token.lifetime - Math.max(wall, ticks);
}

/** Due for renewal with less than 30 s left, of a token shorter than a minute with less than half. */
export const ifFresh = (token: CachedAccessToken | undefined): CachedAccessToken | undefined =>
  token && remaining(token) > Math.min(30_000, token.lifetime / 2) ? token : undefined;

/** One client's entries of a cache, readable at once whatever the cache's kind. */
export class TokenStore {
  readonly #cache: TokenCache;
  readonly #name: () => string;
  /** Set when the cache answers by promise: what is read instead, and written first. */
  #copy: Map<string, TokenCacheEntry> | undefined;
  #loading: Promise<void> | undefined;

  constructor(cache: TokenCache, name: () => string) {
    this.#cache = cache;
    this.#name = name;
  }

  /** Reads a cache that answers by promise into memory; once, unless `again`. */
  load(again = false): Promise<void> {
    if (again || !this.#loading) {
      const entries = this.#cache.entries();
      this.#loading = isPromise(entries) ? entries.then(all => void (this.#copy = new Map(all))) : Promise.resolve();
    }
    return this.#loading;
  }

  session(): CachedSession | undefined {
    return this.#get(this.#name()) as CachedSession | undefined;
  }

  token(key: string): CachedAccessToken | undefined {
    return this.#get(`${this.#name()}|${key}`) as CachedAccessToken | undefined;
  }

  tokens(): [string, CachedAccessToken][] {
    const prefix = `${this.#name()}|`;
    const entries = this.#copy ?? (this.#cache.entries() as Iterable<[string, TokenCacheEntry]>);
    if (isPromise(entries)) return [];
    return [...entries]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, entry]) => [key.slice(prefix.length), entry as CachedAccessToken]);
  }

  put(session: CachedSession, tokens: Iterable<[string, CachedAccessToken]> = []): void {
    this.#set(this.#name(), session);
    for (const [key, token] of tokens) this.#set(`${this.#name()}|${key}`, token);
  }

  drop(key: string): void {
    this.#remove(`${this.#name()}|${key}`);
  }

  /** Forgets access tokens; the next use renews. */
  dropTokens(): void {
    for (const [key] of this.tokens()) this.drop(key);
  }

  clear(): void {
    this.dropTokens();
    this.#remove(this.#name());
  }

  #get(key: string): TokenCacheEntry | undefined {
    if (this.#copy) return this.#copy.get(key);
    const entry = this.#cache.get(key);
    return isPromise(entry) ? undefined : (entry as TokenCacheEntry | undefined);
  }

  #set(key: string, entry: TokenCacheEntry): void {
    this.#copy?.set(key, entry);
    this.#settle(this.#cache.set(key, entry));
  }

  #remove(key: string): void {
    this.#copy?.delete(key);
    this.#settle(this.#cache.remove(key));
  }

  /** A cache that fails later costs a renewal, not the caller's work. */
  #settle(written: void | Promise<void>): void {
    if (isPromise(written)) written.catch(() => {});
  }
}
