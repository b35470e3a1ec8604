import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { requirePage } from '../page.js';
import { request } from '../problem/request.js';

export interface Registration {
  /** Default: `CUSTOMER`. */
  userType?: 'CUSTOMER' | 'ADMIN';
  fullName: string;
  email: string;
  /** When it differs from the e-mail address. */
  username?: string;
  password: string;
  passwordConfirmation?: string;
  /** The user belongs to a preview of the site, not to production. */
  preview?: boolean;
  attributes?: Record<string, unknown>;
}

/** The user as the server describes them. */
export interface User {
  id?: string;
  username?: string;
  email?: string;
  [property: string]: unknown;
}

/** Registers by the app's own form. Rejects with the server's field errors in `errors`. */
export async function registerWithCredentials(core: Core, registration: Registration): Promise<User> {
  requirePage();
  const fields = Object.entries({ userType: 'CUSTOMER', ...registration }).filter(
    ([, value]) => value !== '' && value !== undefined,
  );
  return request(
    core,
    `${await endpoint(core, '/register/embedded/submit')}?${formOf({ client_id: core.settings.clientId })}`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(fields)),
    },
  );
}
