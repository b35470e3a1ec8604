import { warnInDevelopment } from '../page.js';
import type { TokenCache, TokenCacheEntry, WebStorage } from './token-cache.js';

const PREFIX = 'linden.token|';

/** Keeps tokens in memory, or in the browser storage that `storage` gives. */
export class WebStorageTokenCache implements TokenCache {
  readonly #memory = new Map<string, TokenCacheEntry>();
  readonly #storage: (() => WebStorage) | undefined;

  constructor(storage?: () => WebStorage) {
    this.#storage = storage;
  }

  get(key: string): TokenCacheEntry | undefined {
    const text = this.#try(storage => storage.getItem(PREFIX + key));
    try {
      return text ? JSON.parse(text) : this.#memory.get(key);
    } catch {
      return undefined; // written by something else
    }
  }

  set(key: string, entry: TokenCacheEntry): void {
    if (this.#try(storage => (storage.setItem(PREFIX + key, JSON.stringify(entry)), true))) this.#memory.delete(key);
    else this.#memory.set(key, entry);
  }

  remove(key: string): void {
    this.#memory.delete(key);
    this.#try(storage => storage.removeItem(PREFIX + key));
  }

  entries(): [string, TokenCacheEntry][] {
    const stored = this.#try(storage => Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')) ?? [];
    const keys = new Set([
      ...this.#memory.keys(),
      ...stored.filter(key => key.startsWith(PREFIX)).map(key => key.slice(PREFIX.length)),
    ]);
    return [...keys].flatMap(key => {
      const entry = this.get(key);
      return entry ? [[key, entry]] : [];
    });
  }

  clear(): void {
    for (const [key] of this.entries()) this.remove(key);
  }

  /** Storage can be missing, forbidden or full; memory serves then. */
  #try<T>(use: (storage: WebStorage) => T): T | undefined {
    try {
      return this.#storage && use(this.#storage());
    } catch {
      warnInDevelopment('Browser storage cannot be used; tokens are kept in memory.');
      return undefined;
    }
  }
}
