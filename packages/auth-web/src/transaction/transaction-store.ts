import { AuthError } from '../errors.js';
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
  /** A question without a form: `login_required` is an answer to it, not a failure. */
  silent: boolean;
  appState: unknown;
  /** Epoch milliseconds. */
  startedAt: number;
}

const PREFIX = 'linden.transaction.';
const LIFETIME = 600_000;

const isOver = ({ startedAt }: Transaction) => Math.abs(Date.now() - startedAt) > LIFETIME;

const read = (storage: WebStorage, key: string): Transaction | undefined => {
  try {
    return JSON.parse(storage.getItem(key) ?? '');
  } catch {
    return undefined;
  }
};

/** Several at once, each under its state, for ten minutes. */
export function saveTransaction(given: WebStorage | undefined, transaction: Transaction): void {
  try {
    const storage = given ?? sessionStorage;
    for (let at = storage.length; at-- > 0; ) {
      const key = storage.key(at) ?? '';
      const other = key.startsWith(PREFIX) && read(storage, key);
      if (other && isOver(other)) storage.removeItem(key);
    }
    storage.setItem(PREFIX + transaction.state, JSON.stringify(transaction));
  } catch (cause) {
    throw new AuthError('storage_unavailable', 'A sign-in by redirect needs session storage.', { cause });
  }
}

/** Removes at once what it returns: a transaction serves one answer. */
export function takeTransaction(given: WebStorage | undefined, client: string, state: string): Transaction | undefined {
  try {
    const storage = given ?? sessionStorage;
    const transaction = read(storage, PREFIX + state);
    if (!transaction || transaction.client !== client) return undefined;
    storage.removeItem(PREFIX + state);
    return isOver(transaction) ? undefined : transaction;
  } catch {
    return undefined;
  }
}
