import { AuthError } from '../errors.js';
import type { TokenCache, TokenCacheEntry, WebStorage } from './token-cache.js';

/** How the keys of every client begin. */
const PREFIX = 'linden|';

/** Keeps tokens in session storage or local storage. */
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
    try {
      this.#storage.setItem(key, JSON.stringify(entry));
    } catch (cause) {
      throw new AuthError('storage_unavailable', undefined, { cause });
    }
  }

  remove(key: string): void {
    this.#storage.removeItem(key);
  }

  entries(): [string, TokenCacheEntry][] {
    const found: [string, TokenCacheEntry][] = [];
    for (const key of Object.keys(this.#storage)) {
      const entry = key.startsWith(PREFIX) && this.get(key);
      if (entry) found.push([key, entry]);
    }
    return found;
  }

  clear(): void {
    for (const [key] of this.entries()) this.remove(key);
  }
}
