import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { isAuthError } from '../errors.js';
import { requirePage } from '../page.js';
import { request } from '../problem/request.js';
import type { SessionExpiry } from './session-expiry.js';

/**
 * The server's view of the session, `undefined` when it is over. Asking does not prolong it. From another site no cookie reaches
 * the server; with rotation the times that came with the tokens answer then.
 */
export async function serverSession(core: Core): Promise<SessionExpiry | undefined> {
  requirePage();
  const { settings, store, peers } = core;
  const own = store.session();
  let expiry: SessionExpiry | undefined;
  try {
    expiry = await request(
      core,
      `${await endpoint(core, '/session')}?client_id=${encodeURIComponent(settings.clientId)}`,
    );
  } catch (error) {
    if (!isAuthError(error) || error.status !== 401) throw error;
    if (own?.refreshToken) return own.expiry;
  }
  if (own && expiry) {
    const session = { ...own, expiry };
    store.put(session);
    peers.post({ type: 'tokens', session, tokens: [] });
  }
  return expiry;
}
