import type { Core } from '../core.js';
import { AuthError } from '../errors.js';
import { issuerOf } from '../options.js';
import type { CachedAccessToken, CachedSession } from '../token-cache/token-cache.js';
import { cacheKey, type TokenRequest } from '../token-cache/token-request.js';
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
  if (typeof response.access_token !== 'string') throw new AuthError('invalid_response', 'no access token');
  const { expires_in = 60, exp, max, inactivity_at, id_token } = response;
  const receivedAt = Date.now();
  const identity =
    id_token &&
    validateIdToken(id_token, {
      issuer: issuerOf(settings),
      clientId: settings.clientId,
      nonce,
      now: exp ? exp - expires_in : receivedAt / 1000,
    });
  const known = store.session();
  const told = identityClaims(identity || {}, response);
  const sub = told.sub ?? known?.sub;
  const sid = (told['sid'] as string | undefined) ?? (sub === known?.sub ? known?.sid : undefined);
  const previous = known && known.sub === sub && known.sid === sid ? known : undefined;
  const claims = told.sub ? told : (previous?.claims ?? told);
  const session: CachedSession = {
    sub,
    sid,
    idToken: id_token ?? previous?.idToken,
    refreshToken: settings.useRefreshTokens ? (response.refresh_token ?? previous?.refreshToken) : undefined,
    expiry:
      inactivity_at && max
        ? {
            inactivityAt: inactivity_at * 1000,
            requiresLoginAt: max * 1000,
            rememberMeAvailable: !!response.remember_me_available,
          }
        : undefined,
    claims,
    receivedAt,
    page: performance.timeOrigin,
  };
  const token: CachedAccessToken = {
    accessToken: response.access_token,
    lifetime: expires_in * 1000,
    receivedAt,
    receivedTicks: performance.now(),
    page: performance.timeOrigin,
    claims,
  };
  if (known && !previous) store.clear();
  store.put(session, [[cacheKey(request), token]]);
  peers.post({ type: 'tokens', session, tokens: [[cacheKey(request), token]] });
  return token;
}
