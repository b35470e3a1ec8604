import type { Core } from '../core.js';
import { AuthError } from '../errors.js';
import { requestTokens } from '../http.js';
import { issuerOf } from '../options.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import { keepTokens } from '../token-response/token-response.js';
import type { Transaction } from '../transaction/transaction-store.js';

/** Redeems an answer whose state has been matched with its transaction: the issuer first (RFC 9207), then the code. */
export async function redeem(
  core: Core,
  transaction: Transaction,
  answer: URLSearchParams,
): Promise<CachedAccessToken> {
  const { accountId, redirectUri, scope, verifier, nonce } = transaction;
  const issuer = answer.get('iss');
  if (issuer && issuer !== issuerOf(core.settings)) throw new AuthError('issuer_mismatch');
  const error = answer.get('error');
  if (error)
    throw new AuthError(
      accountId && error === 'access_denied' ? 'account_denied' : error,
      answer.get('error_description'),
    );
  const response = await requestTokens(core, {
    accountId,
    code: answer.get('code'),
    code_verifier: verifier,
    grant_type: 'authorization_code',
    redirect_uri: redirectUri,
    scope,
  });
  return keepTokens(core, transaction, response, nonce);
}
