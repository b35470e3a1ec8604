import type { Core } from '../core.js';
import { isAuthError } from '../errors.js';
import { requestTokens } from '../http.js';
import type { CachedAccessToken } from '../token-cache/token-cache.js';
import type { TokenRequest } from '../token-cache/token-request.js';
import { cacheKey } from '../token-cache/token-request.js';
import { ifFresh } from '../token-cache/token-store.js';
import { keepTokens } from '../token-response/token-response.js';

const mayHaveBeenLost = (error: unknown) =>
  isAuthError(error) && (['network', 'timeout'].includes(error.code) || (error.status ?? 0) >= 500);

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

/**
 * Tokens by the newest refresh token. One that is refused may only be outdated, so the store and the other tabs are asked for a newer
 * one before giving up. Gives nothing when no refresh token is left to try.
 */
export async function refresh(core: Core, request: TokenRequest): Promise<CachedAccessToken | undefined> {
  const { store, peers } = core;
  let tried: string | undefined;
  for (;;) {
    const refreshToken = store.session()?.refreshToken;
    if (!refreshToken || refreshToken === tried) return undefined;
    tried = refreshToken;
    try {
      return await grant(core, request, refreshToken);
    } catch (error) {
      if (!isAuthError(error, 'invalid_grant')) throw error;
      await Promise.all([peers.ask(), store.load(true)]);
      const newest = ifFresh(store.token(cacheKey(request)));
      if (newest) return newest;
    }
  }
}

/** RFC 7009, at sign-out. It never holds the sign-out up: the request outlives the page, and a failure is the server's to expire. */
export function revoke(core: Core, url: string): void {
  const token = core.store.session()?.refreshToken;
  if (!token || !core.settings.revoke) return;
  const body = new URLSearchParams({ client_id: core.settings.clientId, token, token_type_hint: 'refresh_token' });
  fetch(url, { method: 'POST', body, keepalive: true }).catch(() => {});
}
