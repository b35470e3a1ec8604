/** Who is signed in: the claims under their names on the wire, and `fullName`. */
export interface IdentityClaims {
  sub?: string;
  /** The session at the server. */
  sid?: string;
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
const PROTOCOL = (
  'access_token token_type expires_in refresh_token id_token scope exp max inactivity_at remember_me_available ' +
  'iss aud azp iat nonce at_hash'
).split(' ');

export function identityClaims(told: object): IdentityClaims {
  const claims: IdentityClaims = Object.fromEntries(Object.entries(told).filter(([name]) => !PROTOCOL.includes(name)));
  const fullName = (claims.full_name ?? claims.name) as string | undefined;
  return fullName ? { ...claims, fullName } : claims;
}
