import type { Core } from '../core.js';
import { AuthError, isAuthError } from '../errors.js';
import { requirePage } from '../page.js';
import { refresh } from '../refresh-token/refresh.js';
import { silentLogin } from '../silent-login/silent-login.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import { cacheKey, type TokenRequest, type TokenRequestOptions, tokenRequest } from '../token-cache/token-request.js';
import { ifFresh, remaining } from '../token-cache/token-store.js';

export interface GetAccessTokenOptions extends TokenRequestOptions {
  /** Never renew: rejects with `renewal_deferred` when only a renewal could help. For work that must not keep a session alive. */
  background?: boolean | undefined;
}

/**
 * Renewal, on use only:
 * 1. wait for the turn (this tab's, then the lock among tabs),
 * 2. look again: whoever had the turn before may have brought the token,
 * 3. with rotation, the refresh token,
 * 4. else, or when that is dead, the silent sign-in.
 */
async function renewInTurn(core: Core, request: TokenRequest, waited: boolean): Promise<CachedAccessToken> {
  const { settings, store, peers } = core;
  const own = store.session();
  const isCopy = settings.cacheIsCopiedWithTab && own?.page !== performance.timeOrigin;
  const mustAsk = settings.useRefreshTokens && (isCopy || !own?.refreshToken);
  if (waited || mustAsk) await Promise.all([peers.ask(), store.load(true)]);
  const newest = ifFresh(store.token(cacheKey(request)));
  if (newest) return newest;
  if (!settings.useRefreshTokens) return silentLogin(core, request);
  const refreshed = await refresh(core, request);
  if (refreshed) return refreshed;
  const description = 'There is no refresh token that the server takes.';
  if (!settings.iframeFallback) throw new AuthError('login_required', description);
  try {
    return await silentLogin(core, request);
  } catch (cause) {
    // With rotation the callback page need not exist, and another site's cookies need not arrive.
    if (isAuthError(cause) && /^(frame_blocked|timeout)$/.test(cause.code))
      throw new AuthError('login_required', description, { cause });
    throw cause;
  }
}

export class Renewal {
  readonly #underWay = new Map<string, Promise<CachedAccessToken>>();
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
  }

  async getAccessToken(options: GetAccessTokenOptions = {}): Promise<string> {
    const { store } = this.#core;
    const request = tokenRequest(this.#core, options);
    const key = cacheKey(request);
    await store.load();
    const cached = store.token(key);
    const fresh = ifFresh(cached);
    if (fresh) return fresh.accessToken;
    const usable = () => !!cached && remaining(cached) > 0;
    if (options.background) {
      if (cached && usable()) return cached.accessToken;
      throw new AuthError('renewal_deferred', 'The token has to be renewed first.');
    }
    requirePage();
    const before = store.session();
    try {
      const { accessToken } = await this.#renew(key, request);
      if (before && store.session()?.sub !== before.sub)
        throw new AuthError('session_changed', 'Somebody else signed in.');
      return accessToken;
    } catch (error) {
      // Being offline is not being signed out.
      if (
        cached &&
        usable() &&
        store.token(key)?.accessToken === cached.accessToken &&
        !isAuthError(error, 'account_denied')
      )
        return cached.accessToken;
      throw error;
    }
  }

  #renew(key: string, request: TokenRequest): Promise<CachedAccessToken> {
    let renewal = this.#underWay.get(key);
    if (!renewal) {
      renewal = this.#run(request).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, renewal);
    }
    return renewal;
  }

  async #run(request: TokenRequest): Promise<CachedAccessToken> {
    const core = this.#core;
    const { store, peers, events } = core;
    const before = store.session();
    try {
      return await core.inTurn(waited => renewInTurn(core, request, waited));
    } catch (error) {
      if (before && isAuthError(error, 'login_required') && store.session()?.sid === before.sid) {
        store.clear();
        peers.post({ type: 'expired', sid: before.sid });
      } else if (before && isAuthError(error)) events.emit({ type: 'renewal_failed', error });
      throw error;
    } finally {
      events.update(core, 'expired');
    }
  }
}
