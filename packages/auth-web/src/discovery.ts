import type { EndpointPath } from './endpoints.js';
import { AuthError } from './errors.js';

/** Members of the discovery document (OpenID Connect Discovery §3). */
const DISCOVERED: { [K in EndpointPath]?: string } = {
  '/oauth/authorize': 'authorization_endpoint',
  '/oauth/token': 'token_endpoint',
  '/oauth2/revoke': 'revocation_endpoint',
  '/userinfo': 'userinfo_endpoint',
  '/logout': 'end_session_endpoint',
};

const documents = new Map<string, Promise<Record<string, string>>>();

async function read(issuer: string): Promise<Record<string, string>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const document = await response.json();
  if (document.issuer !== issuer) throw new AuthError('issuer_mismatch', 'The discovery document is another issuer’s.');
  return document;
}

/** An endpoint as the issuer's document names it; the document is read once. */
export async function discovered(issuer: string, name: EndpointPath): Promise<string | undefined> {
  const member = DISCOVERED[name];
  return member && (await discover(issuer))[member];
}

function discover(issuer: string): Promise<Record<string, string>> {
  let document = documents.get(issuer);
  if (!document) {
    document = read(issuer).catch(cause => {
      documents.delete(issuer);
      throw cause instanceof AuthError ? cause : new AuthError('network', 'discovery', { cause });
    });
    documents.set(issuer, document);
  }
  return document;
}
