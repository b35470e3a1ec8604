import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { request } from '../problem/request.js';

/** What the signed-in user may do, by scope: `{ CUSTOMER: ['READ', 'UPDATE'] }`. */
export type UserOperations = Record<string, string[]>;

/** By the session's cookie, or by the access token where no cookie reaches the server. */
export async function findUserOperationsByScope(
  core: Core,
  scopes: string | readonly string[],
  getAccessToken: () => Promise<string>,
): Promise<UserOperations> {
  const { clientId, fetchUserOperationsWithAccessToken } = core.settings;
  const query = formOf({ client_id: clientId, scope: typeof scopes === 'string' ? scopes : scopes.join(' ') });
  const url = await endpoint(core, '/user-operations');
  return fetchUserOperationsWithAccessToken
    ? request(core, `${url}/resource?${query}`, { headers: { authorization: `Bearer ${await getAccessToken()}` } })
    : request(core, `${url}?${query}`);
}
