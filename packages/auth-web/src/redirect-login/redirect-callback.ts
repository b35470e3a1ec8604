import type { Core } from '../core.js';
import { isAuthError } from '../errors.js';
import { clientName, issuerOf } from '../options.js';
import { redeemOrAskAgain } from '../silent-login/silent-login.js';
import { type Transaction, takeTransaction } from '../transaction/transaction-store.js';
import { type AuthAppState, safeAppState } from './app-state.js';

export interface RedirectCallbackResult {
  /** Missing, not `undefined`, when the address held no answer to a sign-in of this client. */
  appState?: AuthAppState | undefined;
}

/** Answers that were taken up on this page, by client and state: React's StrictMode runs an effect twice. */
const handled = new Map<string, Promise<RedirectCallbackResult>>();

/** Whether an address carries an answer of an authorization server. An `error` alone may be the app's own. */
export function hasRedirectAnswer(search: string): boolean {
  const query = new URLSearchParams(search);
  return query.has('state') && (query.has('code') || query.has('error'));
}

/** Takes the answer out of the address bar and leaves what is the app's. */
function cleanAddress(): void {
  const url = new URL(location.href);
  for (const name of 'code state iss session_state error error_description'.split(' ')) url.searchParams.delete(name);
  history.replaceState(history.state, '', url);
}

async function signIn(core: Core, transaction: Transaction, answer: URLSearchParams): Promise<RedirectCallbackResult> {
  try {
    await core.inTurn(() => redeemOrAskAgain(core, transaction, answer));
  } catch (error) {
    // The answer to a question without a form: there is nobody.
    if (!isAuthError(error, 'login_required')) throw error;
  } finally {
    core.events.update(core.store);
  }
  return { appState: safeAppState(transaction.appState) };
}

/**
 * Ends a sign-in by redirect:
 * 1. the transaction of the answer's state is taken and removed, before anything is awaited,
 * 2. the address is cleaned,
 * 3. issuer and error are looked at, the code is redeemed. A refused code gets one silent sign-in: a browser may have sent it twice.
 *
 * `undefined` when the address holds no answer to a question of this client. One of its server that was taken up before, or asked for in
 * another tab, is cleaned away unredeemed; parameters of others stay.
 */
export function redirectCallback(core: Core, address = ''): Promise<RedirectCallbackResult> | undefined {
  const { search } = new URL(address, location.href);
  if (!hasRedirectAnswer(search)) return undefined;
  const answer = new URLSearchParams(search);
  const state = answer.get('state') ?? '';
  const client = clientName(core.settings);
  const key = `${client}|${state}`;
  let result = handled.get(key);
  if (!result) {
    const transaction = takeTransaction(core.settings.transactionStorage, client, state);
    if (transaction || answer.get('iss') === issuerOf(core.settings)) cleanAddress();
    if (!transaction) return undefined;
    result = signIn(core, transaction, answer);
    handled.set(key, result);
  }
  return result;
}
