import type { TokenCache, TokenCacheEntry, WebStorage } from './token-cache.js';

/** How the keys of every client begin. */
const PREFIX = 'linden|';

/** Keeps tokens in session storage or local storage. A full one throws; the client goes on in memory then. */
export class WebStorageTokenCache implements TokenCache {
  readonly #storage: WebStorage;

  constructor(storage: WebStorage) {
    this.#storage = storage;
  }

  get(key: string): TokenCacheEntry | undefined {
    try {
      return JSON.parse(this.#storage.getItem(key) as string) ?? undefined;
    } catch {
      return undefined; // written by something else
    }
  }

  set(key: string, entry: TokenCacheEntry): void {
    this.#storage.setItem(key, JSON.stringify(entry));
  }

  remove(key: string): void {
    this.#storage.removeItem(key);
  }

  entries(): [string, TokenCacheEntry][] {
    return Object.keys(this.#storage).flatMap(key => {
      const entry = key.startsWith(PREFIX) && this.get(key);
      return entry ? [[key, entry]] : [];
    });
  }

  clear(): void {
    for (const [key] of this.entries()) this.remove(key);
  }
}
