import { MemoryTokenCache } from './memory-token-cache.js';
import type { TokenCache, TokenCacheEntry } from './token-cache.js';

/** A write that fails later costs a renewal on the next page, not the caller's work. */
const ignoreFailure = (written: unknown): void => {
  if (written instanceof Promise) written.catch(() => {});
};

class CopiedTokenCache extends MemoryTokenCache {
  #original: TokenCache | undefined;

  /** From here on writes reach the original too; the map's own constructor must not write back what it read. */
  passOnTo(original: TokenCache): this {
    this.#original = original;
    return this;
  }

  override set(key: string, entry: TokenCacheEntry): this {
    ignoreFailure(this.#original?.set(key, entry));
    return super.set(key, entry);
  }

  override remove(key: string): void {
    ignoreFailure(this.#original?.remove(key));
    super.remove(key);
  }
}

/** What a cache that answers by promise held when it was read, readable at once. */
export const copyOf = (original: TokenCache, entries: Iterable<[string, TokenCacheEntry]>): TokenCache => {
  const copy = new CopiedTokenCache();
  for (const [key, entry] of entries) copy.set(key, entry);
  return copy.passOnTo(original);
};
