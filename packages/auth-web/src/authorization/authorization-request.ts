import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { clientName } from '../options.js';
import type { TokenRequest } from '../token-cache/token-request.js';
import type { Transaction } from '../transaction/transaction-store.js';
import { challengeOf, random } from './proof-key.js';

/** An authorize URL and what its answer will be held against. */
export async function authorizationRequest(
  core: Core,
  request: TokenRequest,
  redirectUri: string,
  more: Record<string, string | undefined> = {},
  appState?: unknown,
): Promise<{ url: string; transaction: Transaction }> {
  const { settings } = core;
  const verifier = settings.usePkce ? random() : undefined;
  const transaction: Transaction = {
    ...request,
    client: clientName(settings),
    state: random(),
    nonce: random(),
    verifier,
    redirectUri,
    silent: more['prompt'] === 'none',
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
  const url = await endpoint(core, 'authorize');
  return { url: `${url}${url.includes('?') ? '&' : '?'}${query}`, transaction };
}
