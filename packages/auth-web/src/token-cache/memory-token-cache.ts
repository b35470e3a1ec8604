import type { TokenCache, TokenCacheEntry } from './token-cache.js';

/** Gone with the page. */
export class MemoryTokenCache extends Map<string, TokenCacheEntry> implements TokenCache {
  remove(key: string): void {
    this.delete(key);
  }
}
