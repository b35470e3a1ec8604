import { SIGN_IN_LIMIT } from '../durations.js';
import { AuthError } from '../errors.js';
import type { AuthAppState } from '../redirect-login/app-state.js';
import type { WebStorage } from '../token-cache/token-cache.js';
import type { TokenRequest } from '../token-cache/token-request.js';

/** A sign-in under way: what its answer is compared with and redeemed by. */
export interface Transaction extends TokenRequest {
  /** Client and issuer, so that two clients of one page keep apart. */
  client: string;
  state: string;
  nonce: string;
  verifier: string | undefined;
  redirectUri: string;
  appState: AuthAppState | undefined;
  /** Epoch milliseconds. */
  startedAt: number;
}

const PREFIX = 'linden.';

/** What lies under a key, unless it is too old, not ours to read, or the storage is refused. */
function read(given: WebStorage | undefined, key: string): Transaction | undefined {
  try {
    const transaction: Transaction = JSON.parse((given ?? sessionStorage).getItem(key) as string);
    if (Date.now() - transaction.startedAt < SIGN_IN_LIMIT && transaction.params) return transaction;
  } catch {
    // It counts as none.
  }
  return undefined;
}

/** Several at once, each under its state, for ten minutes. */
export function saveTransaction(given: WebStorage | undefined, transaction: Transaction): void {
  try {
    const storage = given ?? sessionStorage;
    for (const key of Object.keys(storage)) if (key.startsWith(PREFIX) && !read(storage, key)) storage.removeItem(key);
    storage.setItem(PREFIX + transaction.state, JSON.stringify(transaction));
  } catch (cause) {
    throw new AuthError('storage_unavailable', undefined, { cause });
  }
}

/** Removes at once what it returns: a transaction serves one answer. */
export function takeTransaction(given: WebStorage | undefined, client: string, state: string): Transaction | undefined {
  const transaction = read(given, PREFIX + state);
  if (transaction?.client !== client) return undefined;
  (given ?? sessionStorage).removeItem(PREFIX + state);
  return transaction;
}
