import type { Core } from '../core.js';
import { AuthError, isAuthError } from '../errors.js';
import { requestTokens } from '../http.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import type { TokenRequest } from '../token-cache/token-request.js';
import { cacheKey } from '../token-cache/token-request.js';
import { ifFresh } from '../token-cache/token-store.js';
import { keepTokens } from '../token-response/token-response.js';

const mayHaveBeenLost = (error: unknown) =>
  isAuthError(error) && (['network', 'timeout', 'invalid_response'].includes(error.code) || (error.status ?? 0) >= 500);

/** A lost answer is asked for again with the same token: within its grace window the server answers alike. */
async function grant(
  core: Core,
  request: TokenRequest,
  refreshToken: string,
  again = true,
): Promise<CachedAccessToken> {
  const { accountId, scope } = request;
  try {
    const response = await requestTokens(core, {
      accountId,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      scope,
    });
    return keepTokens(core, request, response);
  } catch (error) {
    if (again && mayHaveBeenLost(error)) return grant(core, request, refreshToken, false);
    throw error;
  }
}

/** Tokens by the newest refresh token, `undefined` when none is left to try. */
async function refresh(core: Core, request: TokenRequest): Promise<CachedAccessToken | undefined> {
  const { store } = core;
  const own = store.session();
  const isCopy = core.settings.useSessionStorageForTokenCache && own?.page !== performance.timeOrigin;
  let tried = '';
  if (isCopy || !own?.refreshToken) await core.lookAround();
  for (;;) {
    const newest = ifFresh(store.token(cacheKey(request)));
    if (newest) return newest;
    const refreshToken = store.session()?.refreshToken;
    if (!refreshToken || refreshToken === tried) return undefined;
    tried = refreshToken;
    try {
      return await grant(core, request, refreshToken);
    } catch (error) {
      if (!isAuthError(error, 'invalid_grant')) throw error;
      await core.lookAround();
    }
  }
}

/**
 * Renewal with rotation:
 * 1. a refresh token that a duplicated tab may have too, or none, has the other tabs asked first,
 * 2. one that is refused may only be outdated: the store and the other tabs are asked for a newer one,
 * 3. when none is left, the silent sign-in, if it is allowed.
 */
export async function rotate(
  core: Core,
  request: TokenRequest,
  silentLogin: (core: Core, request: TokenRequest) => Promise<CachedAccessToken>,
): Promise<CachedAccessToken> {
  const refreshed = await refresh(core, request);
  if (refreshed) return refreshed;
  let cause: unknown;
  try {
    if (core.settings.useIFrameAsFallbackForRefreshToken !== false) return await silentLogin(core, request);
  } catch (error) {
    // With rotation the callback page need not exist, and another site's cookies need not arrive.
    if (!isAuthError(error) || !/^(frame_blocked|timeout)$/.test(error.code)) throw error;
    cause = error;
  }
  throw new AuthError('login_required', 'no refresh token', { cause });
}

export { revoke } from './revoke.js';
