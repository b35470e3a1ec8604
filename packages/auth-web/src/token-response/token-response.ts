import type { Core } from '../core.js';
import { AuthError } from '../errors.js';
import type { CachedAccessToken, CachedSession } from '../token-cache/token-cache.js';
import { cacheKey, type TokenRequest } from '../token-cache/token-request.js';
import { steadyNow } from '../token-cache/token-store.js';
import { validateIdToken } from './id-token.js';
import { identityClaims } from './identity-claims.js';

/** RFC 6749 §5.1, OpenID Connect, and beside them identity claims and the session's times in epoch seconds. */
export interface TokenResponse {
  access_token: string;
  expires_in?: number;
  refresh_token?: string;
  id_token?: string;
  exp?: number;
  max?: number;
  inactivity_at?: number;
  remember_me_available?: boolean;
  sub?: string;
  sid?: string;
  [claim: string]: unknown;
}

/**
 * Checks a token response, keeps it and tells the other tabs. Another session than the one known here drops what that one left.
 * Listeners hear of it later, outside any lock.
 */
export function keepTokens(
  core: Core,
  request: TokenRequest,
  response: TokenResponse,
  nonce?: string,
): CachedAccessToken {
  const { settings, store, peers } = core;
  const { access_token, expires_in = 60, exp, max, inactivity_at, remember_me_available, id_token } = response;
  if (!access_token) throw new AuthError('invalid_response');
  const receivedAt = Date.now();
  /** The server's clock, if it told the time. */
  const now = exp ? exp - expires_in : receivedAt / 1000;
  const identity = id_token && validateIdToken(id_token, settings, nonce, now);
  const known = store.session();
  const told = identityClaims({ ...(identity as object), ...response });
  if (told.sid === core.ended) throw new AuthError('login_required');
  /** The sign-in this continues: what a response leaves out stays as it was. */
  const previous = (told.sub && told.sub !== known?.sub) || (told.sid && told.sid !== known?.sid) ? undefined : known;
  const received = {
    claims: told.sub ? told : (previous?.claims ?? told),
    receivedAt,
    page: performance.timeOrigin,
  };
  const session: CachedSession = {
    ...received,
    sub: told.sub ?? previous?.sub,
    sid: told.sid ?? previous?.sid,
    idToken: id_token ?? previous?.idToken,
    refreshToken: settings.useRefreshTokens ? (response.refresh_token ?? previous?.refreshToken) : undefined,
    expiry:
      inactivity_at && max
        ? {
            inactivityAt: inactivity_at * 1000,
            requiresLoginAt: max * 1000,
            rememberMeAvailable: !!remember_me_available,
          }
        : undefined,
  };
  const token: CachedAccessToken = {
    ...received,
    accessToken: access_token,
    lifetime: expires_in * 1000,
    receivedTicks: steadyNow(),
  };
  const tokens: [string, CachedAccessToken][] = [[cacheKey(request), token]];
  if (!previous) store.clear();
  store.put(session, tokens);
  peers.post({ type: 'tokens', session, tokens });
  return token;
}
