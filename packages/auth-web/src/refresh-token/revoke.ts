import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';

/** RFC 7009, at sign-out. It never holds the sign-out up: the request outlives the page, and a failure is the server's to expire. */
export async function revoke(core: Core): Promise<void> {
  const token = core.store.session()?.refreshToken;
  if (!token || core.settings.enableTokenRevocation === false) return;
  const body = new URLSearchParams({ client_id: core.settings.clientId, token, token_type_hint: 'refresh_token' });
  fetch(await endpoint(core, '/oauth2/revoke'), { method: 'POST', body, keepalive: true }).catch(() => {});
}
