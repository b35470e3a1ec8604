/** Who is signed in: the claims under their names on the wire, and `fullName`. */
export interface IdentityClaims {
  sub?: string;
  username?: string;
  full_name?: string;
  /** `full_name`, or OpenID's `name`. */
  fullName?: string;
  email_address?: string;
  user_id?: string;
  user_type?: string;
  customer_id?: string;
  /** The selected account. */
  acct_id?: string;
  parent_accts?: string[];
  [claim: string]: unknown;
}

/** Members that belong to the protocol, not to the person. */
const PROTOCOL = new Set(
  (
    'access_token token_type expires_in refresh_token id_token scope exp max inactivity_at remember_me_available ' +
    'iss aud azp iat nbf jti nonce at_hash c_hash auth_time acr amr'
  ).split(' '),
);

/** Later sources win. */
export function identityClaims(...sources: object[]): IdentityClaims {
  const claims: IdentityClaims = Object.fromEntries(
    sources.flatMap(source => Object.entries(source)).filter(([name]) => !PROTOCOL.has(name)),
  );
  const fullName = claims.full_name ?? claims['name'];
  return typeof fullName === 'string' ? { ...claims, fullName } : claims;
}
