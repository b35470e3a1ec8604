import { authorizationRequest } from '../authorization/authorization-request.js';
import type { Core } from '../core.js';
import { leave } from '../navigation/leave.js';
import { redirectUriOf } from '../options.js';
import { type TokenRequestOptions, tokenRequest } from '../token-cache/token-request.js';
import { saveTransaction } from '../transaction/transaction-store.js';
import type { AuthAppState } from './app-state.js';

export interface LoginRedirectOptions extends TokenRequestOptions {
  /** Comes back from `handleRedirectCallback`. */
  appState?: AuthAppState | undefined;
  redirectUri?: string | URL | undefined;
  prompt?: 'none' | 'login' | 'consent' | 'select_account' | 'create' | undefined;
  /** Seconds since the last sign-in with a password, at most. */
  maxAge?: number | undefined;
  loginHint?: string | undefined;
  uiLocales?: string | undefined;
}

/** Goes to the sign-in page, after storing what the answer is checked against. */
export const loginWithRedirect = (core: Core, options: LoginRedirectOptions = {}): Promise<void> =>
  leave(async () => {
    const { settings } = core;
    const { url, transaction } = await authorizationRequest(
      core,
      tokenRequest(core, options),
      redirectUriOf(settings, options),
      {
        prompt: options.prompt,
        max_age: options.maxAge,
        login_hint: options.loginHint,
        ui_locales: options.uiLocales,
      },
      options.appState,
    );
    saveTransaction(settings.transactionStorage, transaction);
    location.assign(url);
  });
