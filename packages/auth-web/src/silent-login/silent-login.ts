import { redeem } from '../authorization/authorization-answer.js';
import { authorizationRequest } from '../authorization/authorization-request.js';
import type { Core } from '../core.js';
import { isAuthError } from '../errors.js';
import { silentRedirectUriOf } from '../options.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import type { TokenRequest } from '../token-cache/token-request.js';
import type { Transaction } from '../transaction/transaction-store.js';
import { visitInFrame } from './silent-frame.js';

/** Redeems an answer. A refused code gets one silent sign-in: browsers repeat a POST by themselves when a connection dies. */
export async function redeemOrAskAgain(
  core: Core,
  transaction: Transaction,
  answer: URLSearchParams,
  again = true,
): Promise<CachedAccessToken> {
  try {
    return await redeem(core, transaction, answer);
  } catch (error) {
    if (again && isAuthError(error, 'invalid_grant')) return silentLogin(core, transaction, false);
    throw error;
  }
}

/**
 * Tokens from the session at the server, without a form:
 * 1. an authorize request with `prompt=none` in a hidden iframe,
 * 2. its answer, posted by the callback page,
 * 3. the exchange of the code.
 */
export async function silentLogin(core: Core, request: TokenRequest, again?: boolean): Promise<CachedAccessToken> {
  const callback = silentRedirectUriOf(core.settings);
  const { url, transaction } = await authorizationRequest(core, request, callback, { prompt: 'none' });
  return redeemOrAskAgain(core, transaction, await visitInFrame(url, callback, transaction.state), again);
}
