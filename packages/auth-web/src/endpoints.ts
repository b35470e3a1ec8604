import type { Core } from './core.js';
import { baseOf, issuerOf } from './options.js';
import { part } from './part.js';

/** Every path of the authorization server that is used, below its base. */
export type EndpointPath =
  | '/oauth/authorize'
  | '/oauth/token'
  | '/oauth2/revoke'
  | '/userinfo'
  | '/logout'
  | '/session'
  | '/register'
  | '/password/change'
  | '/remember-me-continuation'
  | '/register/embedded/submit'
  | '/embedded/login'
  | '/user-operations';

/** Where a path leads: by discovery, by the option `paths`, or below the base. */
export async function endpoint({ settings }: Core, path: EndpointPath): Promise<string> {
  const found =
    settings.discovery && (await (await part(import('./discovery.js'))).discovered(issuerOf(settings), path));
  return found || settings.paths?.[path] || baseOf(settings) + path;
}
