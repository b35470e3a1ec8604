import type { Core } from '../core.js';
import { LEAVING } from '../durations.js';
import { endpoint } from '../endpoints.js';
import { AuthError } from '../errors.js';
import { formOf } from '../http.js';
import { leave } from '../navigation/leave.js';
import { redirectUriOf } from '../options.js';

export interface LogoutRedirectOptions {
  /** Where to come back to; must be registered. Default: the client's `redirectUri`. */
  redirectUri?: string | URL | undefined;
  /** Comes back as a parameter of that address. */
  state?: string | undefined;
  /** End the person's sessions on every device. Rejects with `not_offered` as long as the server cannot. */
  everywhere?: boolean | undefined;
}

/** A navigation by POST, so that no token stands in an address. */
function post(url: string, fields: URLSearchParams): void {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: url });
  fields.forEach((value, name) => {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  });
  document.body.append(form);
  form.submit();
  form.remove();
}

/**
 * Signs out here, in the other tabs and at the server (OpenID Connect RP-Initiated Logout). Listeners of this tab hear of it only if the
 * page stays: a guard that navigated now would cut the sign-out off.
 */
export const logoutWithRedirect = (core: Core, options: LogoutRedirectOptions = {}): Promise<void> =>
  leave(async () => {
    if (options.everywhere) throw new AuthError('not_offered');
    const { settings, store, peers, events } = core;
    await store.load();
    const session = store.session();
    // A sign-out must not hang on a part that cannot be loaded.
    if (session?.refreshToken)
      await import('../refresh-token/rotation.js').then(({ revoke }) => revoke(core)).catch(() => {});
    const url = await endpoint(core, '/logout');
    const fields = formOf({
      id_token_hint: session?.idToken,
      client_id: settings.clientId,
      post_logout_redirect_uri: redirectUriOf(settings, options),
      state: options.state,
    });
    core.ended = session?.sid ?? '';
    store.clear();
    peers.post({ type: 'signed_out', sid: session?.sid });
    setTimeout(() => events.update(core.store), LEAVING);
    post(url, fields);
  });
