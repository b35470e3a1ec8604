import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { redirectUriOf } from '../options.js';
import { leave } from './leave.js';

/** Options of the navigations to hosted pages. */
export interface HostedPageOptions {
  /** Where to come back to; must be registered. Default: the client's `redirectUri`. */
  redirectUri?: string | URL | undefined;
}

export type RegisterRedirectOptions = HostedPageOptions;
export type ChangePasswordRedirectOptions = HostedPageOptions;
export type RememberMeRedirectOptions = HostedPageOptions;

/** In a return address: sign in on arrival. */
export const REDIRECT_TO_LOGIN = 'redirectToLogin';

/** Goes to a page of the authorization server that comes back to the app. */
export const goToHostedPage = (
  core: Core,
  name: 'register' | 'changePassword' | 'rememberMe',
  options: HostedPageOptions = {},
): Promise<void> =>
  leave(async () => {
    const { settings } = core;
    const back = String(options.redirectUri ?? redirectUriOf(settings));
    const marked = name === 'register' && settings.markRegistration;
    const fields = {
      client_id: settings.clientId,
      redirect_uri: marked ? `${back}${back.includes('?') ? '&' : '?'}${REDIRECT_TO_LOGIN}=true` : back,
    };
    location.assign(`${await endpoint(core, name)}?${formOf(fields)}`);
  });
