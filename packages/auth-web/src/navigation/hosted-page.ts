import type { Core } from '../core.js';
import { type EndpointPath, endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { redirectUriOf } from '../options.js';
import { leave } from './leave.js';
import { REDIRECT_TO_LOGIN } from './redirect-to-login.js';

/** Options of the navigations to hosted pages. */
export interface HostedPageOptions {
  /** Where to come back to; must be registered. Default: the client's `redirectUri`. */
  redirectUri?: string | URL | undefined;
}

export type RegisterRedirectOptions = HostedPageOptions;
export type ChangePasswordRedirectOptions = HostedPageOptions;
export type RememberMeRedirectOptions = HostedPageOptions;

/** Goes to a page of the authorization server that comes back to the app. */
export const goToHostedPage = (core: Core, path: EndpointPath, options: HostedPageOptions = {}): Promise<void> =>
  leave(async () => {
    const { clientId, enableAutoRedirectToLoginParam, useRefreshTokens } = core.settings;
    const back = redirectUriOf(core.settings, options);
    const isMarked = path === '/register' && (enableAutoRedirectToLoginParam ?? useRefreshTokens);
    const fields = {
      client_id: clientId,
      redirect_uri: isMarked ? `${back}${back.includes('?') ? '&' : '?'}${REDIRECT_TO_LOGIN}=true` : back,
    };
    location.assign(`${await endpoint(core, path)}?${formOf(fields)}`);
  });
