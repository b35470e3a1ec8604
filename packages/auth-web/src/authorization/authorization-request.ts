import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { type Fields, formOf } from '../http.js';
import { clientName } from '../options.js';
import type { AuthAppState } from '../redirect-login/app-state.js';
import type { TokenRequest } from '../token-cache/token-request.js';
import type { Transaction } from '../transaction/transaction-store.js';
import { challengeOf, random } from './proof-key.js';

/** An authorize URL and what its answer will be held against. */
export async function authorizationRequest(
  core: Core,
  request: TokenRequest,
  redirectUri: string,
  more: Fields = {},
  appState?: AuthAppState,
): Promise<{ url: string; transaction: Transaction }> {
  const { settings } = core;
  const verifier = settings.usePkce === false ? undefined : random();
  const transaction: Transaction = {
    ...request,
    client: clientName(settings),
    state: random(),
    nonce: random(),
    verifier,
    redirectUri,
    appState,
    startedAt: Date.now(),
  };
  const query = formOf({
    ...request.params,
    accountId: request.accountId,
    client_id: settings.clientId,
    code_challenge: verifier && (await challengeOf(verifier)),
    code_challenge_method: verifier && 'S256',
    nonce: transaction.nonce,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: request.scope,
    state: transaction.state,
    ...more,
  });
  const url = await endpoint(core, '/oauth/authorize');
  return { url: `${url}${url.includes('?') ? '&' : '?'}${query}`, transaction };
}
