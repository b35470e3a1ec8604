const KEY = 'linden.account';

/**
 * The account that was selected last, kept over visits. It is a wish, not a right: the server checks the membership
 * each time it is asked for a token.
 */
export const selectedAccount = {
  read(): string | undefined {
    return withStorage(storage => storage.getItem(KEY)) || undefined;
  },
  keep(accountId: string | undefined) {
    withStorage(storage => (accountId ? storage.setItem(KEY, accountId) : storage.removeItem(KEY)));
  },
  /** Tells what other tabs select. */
  subscribe(listener: () => void): () => void {
    const onStorage = ({ key }: StorageEvent) => (key === KEY || key === null) && listener();
    window.addEventListener('storage', onStorage);
    return () => window.removeEventListener('storage', onStorage);
  },
};

/** Storage can be forbidden; the choice then lasts as long as the page. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(window.localStorage);
  } catch {
    return undefined;
  }
}
