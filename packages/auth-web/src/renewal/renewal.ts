import type { Core } from '../core.js';
import { AuthError, isAuthError } from '../errors.js';
import { requirePage } from '../page.js';
import { part } from '../part.js';
import { silentLogin } from '../silent-login/silent-login.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import { cacheKey, type TokenRequest, type TokenRequestOptions, tokenRequest } from '../token-cache/token-request.js';
import { ifFresh, remaining } from '../token-cache/token-store.js';

export interface GetAccessTokenOptions extends TokenRequestOptions {
  /** Never renew: rejects with `renewal_deferred` when only a renewal could help. For work that must not keep a session alive. */
  background?: boolean | undefined;
  /** Renew even while the cached token is good, as when somebody says that they are still there. */
  ignoreCache?: boolean | undefined;
}

/**
 * Renewal, on use only:
 * 1. wait for the turn (this tab's, then the lock among tabs),
 * 2. look again: whoever had the turn before may have brought the token,
 * 3. the refresh token with rotation, else the silent sign-in.
 */
async function renewInTurn(core: Core, request: TokenRequest, waited: boolean): Promise<CachedAccessToken> {
  if (waited) await core.lookAround();
  const newest = ifFresh(core.store.token(cacheKey(request)));
  if (newest) return newest;
  if (!core.settings.useRefreshTokens) return silentLogin(core, request);
  return (await part(import('../refresh-token/rotation.js'))).rotate(core, request, silentLogin);
}

/** Gives tokens and renews them, one request at a time for whatever account and scope. */
export function renewal(core: Core) {
  const { store, peers, events } = core;
  const underWay = new Map<string, Promise<CachedAccessToken>>();

  async function run(request: TokenRequest): Promise<CachedAccessToken> {
    const before = store.session();
    try {
      return await core.inTurn(waited => renewInTurn(core, request, waited));
    } catch (error) {
      if (before && store.session()?.sid === before.sid && isAuthError(error)) {
        if (error.code === 'login_required') {
          store.clear();
          peers.post({ type: 'expired', sid: before.sid });
        } else events.emit({ type: 'renewal_failed', error });
      }
      throw error;
    } finally {
      events.update(core.store, 'expired');
    }
  }

  function renew(key: string, request: TokenRequest): Promise<CachedAccessToken> {
    let renewing = underWay.get(key);
    if (!renewing) {
      renewing = run(request).finally(() => underWay.delete(key));
      underWay.set(key, renewing);
    }
    return renewing;
  }

  return async (options?: GetAccessTokenOptions): Promise<string> => {
    const request = tokenRequest(core, options);
    const key = cacheKey(request);
    await store.load();
    if (options?.ignoreCache) store.drop(key);
    const cached = store.token(key);
    /** The cached token as long as it is good and still ours. */
    const usable = () =>
      cached && remaining(cached) > 0 && store.token(key)?.accessToken === cached.accessToken && cached.accessToken;
    const fresh = ifFresh(cached)?.accessToken || (options?.background && usable());
    if (fresh) return fresh;
    if (options?.background) throw new AuthError('renewal_deferred');
    requirePage();
    const before = store.session();
    try {
      const { accessToken } = await renew(key, request);
      if (before && store.session()?.sub !== before.sub) throw new AuthError('session_changed');
      return accessToken;
    } catch (error) {
      // Being offline is not being signed out.
      const last = !isAuthError(error, 'account_denied') && usable();
      if (last) return last;
      throw error;
    }
  };
}
