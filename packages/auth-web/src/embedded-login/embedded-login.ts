import { challengeOf, random } from '../authorization/proof-key.js';
import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf, requestTokens } from '../http.js';
import { redirectUriOf } from '../options.js';
import { requirePage } from '../page.js';
import { request } from '../problem/request.js';
import { tokenRequest } from '../token-cache/token-request.js';
import { keepTokens } from '../token-response/token-response.js';

export interface LoginCredentials {
  username: string;
  password: string;
}

/**
 * Sign-in by the app's own form:
 * 1. the form is posted and answered with a one-time passcode,
 * 2. the passcode is redeemed like a code, with the purpose `OTP`.
 * Rejects with the server's field errors in `errors`.
 */
export async function loginWithCredentials(core: Core, { username, password }: LoginCredentials): Promise<void> {
  requirePage();
  const { settings, events } = core;
  const verifier = settings.usePkce === false ? undefined : random();
  const wanted = tokenRequest(core);
  const { token } = await request<{ token: string }>(
    core,
    `${await endpoint(core, '/embedded/login')}?${formOf({ client_id: settings.clientId })}`,
    {
      method: 'POST',
      body: formOf({
        username,
        password,
        code_challenge: verifier && (await challengeOf(verifier)),
        code_challenge_method: verifier && 'S256',
      }),
    },
  );
  await core.inTurn(async () => {
    const response = await requestTokens(core, {
      accountId: wanted.accountId,
      code: token,
      code_verifier: verifier,
      grant_type: 'authorization_code',
      purpose: 'OTP',
      redirect_uri: redirectUriOf(settings),
      scope: wanted.scope,
      username,
    });
    keepTokens(core, wanted, response);
  });
  events.update(core.store);
}
