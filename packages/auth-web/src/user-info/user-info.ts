import type { Core } from '../core.js';
import type { User } from '../embedded-login/embedded-registration.js';
import { endpoint } from '../endpoints.js';
import { request } from '../problem/request.js';

/** OpenID Connect Core §5.3. */
export const userInfo = async (core: Core, getAccessToken: () => Promise<string>): Promise<User> =>
  request(core, await endpoint(core, '/userinfo'), { headers: { authorization: `Bearer ${await getAccessToken()}` } });
