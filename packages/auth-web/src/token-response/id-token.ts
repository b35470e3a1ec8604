import { AuthError } from '../errors.js';

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

export interface IdTokenExpectation {
  issuer: string;
  clientId: string;
  /** Present when the token answers an authorize request. */
  nonce: string | undefined;
  /** Epoch seconds by the server's clock, as far as it is known. */
  now: number;
}

/** Seconds that clocks may differ. */
const SKEW = 300;

function payload(token: string): IdTokenClaims {
  const text = atob((token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, char => char.charCodeAt(0))));
}

/**
 * OpenID Connect Core §3.1.3.7 for a token that came straight from the token endpoint: there TLS vouches for the issuer in place of the
 * signature (rule 6).
 */
export function validateIdToken(token: string, { issuer, clientId, nonce, now }: IdTokenExpectation): IdTokenClaims {
  let claims: IdTokenClaims;
  try {
    claims = payload(token);
  } catch (cause) {
    throw new AuthError('invalid_id_token', 'unreadable', { cause });
  }
  const audience = [claims.aud].flat();
  const wrong =
    claims.iss !== issuer
      ? 'issuer'
      : !audience.includes(clientId) || (audience.length > 1 && claims.azp !== clientId)
        ? 'audience'
        : nonce && claims.nonce !== nonce
          ? 'nonce'
          : !(claims.exp > now - SKEW) || !(claims.iat < now + SKEW)
            ? 'time'
            : !claims.sub && 'subject';
  if (wrong) throw new AuthError('invalid_id_token', `wrong ${wrong}`);
  return claims;
}
