import { SKEW } from '../durations.js';
import { AuthError } from '../errors.js';
import { issuerOf, type Settings } from '../options.js';

export interface IdTokenClaims {
  iss: string;
  sub: string;
  aud: string | string[];
  exp: number;
  iat: number;
  azp?: string;
  nonce?: string;
  sid?: string;
  [claim: string]: unknown;
}

function payload(token: string): IdTokenClaims {
  const text = atob((token.split('.')[1] as string).replace(/-/g, '+').replace(/_/g, '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, char => char.charCodeAt(0))));
}

/**
 * OpenID Connect Core §3.1.3.7 for a token that came straight from the token endpoint: there TLS vouches for the issuer in place of the
 * signature (rule 6). `nonce` is there when the token answers an authorize request; `now` are epoch seconds by the server's clock, as far
 * as it is known.
 */
export function validateIdToken(
  token: string,
  settings: Settings,
  nonce: string | undefined,
  now: number,
): IdTokenClaims {
  const { clientId } = settings;
  try {
    const claims = payload(token);
    const audience = [claims.aud].flat();
    if (
      claims.sub &&
      claims.iss === issuerOf(settings) &&
      audience.includes(clientId) &&
      (audience.length < 2 || claims.azp === clientId) &&
      (!nonce || claims.nonce === nonce) &&
      claims.exp > now - SKEW &&
      claims.iat < now + SKEW
    )
      return claims;
  } catch {
    // Not a token at all.
  }
  throw new AuthError('invalid_id_token');
}
