import type { Core } from './core.js';
import { AuthError } from './errors.js';
import { baseOf, type EndpointPaths, issuerOf } from './options.js';

const PATHS: EndpointPaths = {
  authorize: '/oauth/authorize',
  token: '/oauth/token',
  revoke: '/oauth2/revoke',
  userInfo: '/userinfo',
  logout: '/logout',
  session: '/session',
  register: '/register',
  changePassword: '/password/change',
  rememberMe: '/remember-me-continuation',
  embeddedRegister: '/register/embedded/submit',
  embeddedLogin: '/embedded/login',
  userOperations: '/user-operations',
};

/** Members of the discovery document (OpenID Connect Discovery §3). */
const DISCOVERED: { [K in keyof EndpointPaths]?: string } = {
  authorize: 'authorization_endpoint',
  token: 'token_endpoint',
  revoke: 'revocation_endpoint',
  userInfo: 'userinfo_endpoint',
  logout: 'end_session_endpoint',
};

const documents = new Map<string, Promise<Record<string, string>>>();

async function read(issuer: string): Promise<Record<string, string>> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const document = await response.json();
  if (document.issuer !== issuer) throw new AuthError('issuer_mismatch', 'The discovery document is another issuer’s.');
  return document;
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

export async function endpoint({ settings }: Core, name: keyof EndpointPaths): Promise<string> {
  const member = settings.discovery && DISCOVERED[name];
  const found = member && (await discover(issuerOf(settings)))[member];
  const path = settings.paths[name] ?? PATHS[name];
  return found || (/^https?:/.test(path) ? path : baseOf(settings) + path);
}
