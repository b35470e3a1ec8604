import type { Core } from '../core.js';
import { endpoint } from '../endpoints.js';
import { formOf } from '../http.js';
import { request } from '../problem/request.js';

/**
 * What the signed-in user may do, by permission root: `{ CUSTOMER: ['READ', 'UPDATE'] }`; who has `ALL` has the others beside it. It
 * decides what a page shows. What is done, services decide.
 */
export type UserOperations = Record<string, string[]>;

/**
 * What a token for these scopes would permit, for the selected account; without scopes, for the client's own. By the session's cookie,
 * or by the access token where no cookie reaches the server.
 */
export async function findUserOperationsByScope(
  core: Core,
  scopes: string | readonly string[] | undefined,
  getAccessToken: () => Promise<string>,
): Promise<UserOperations> {
  const { clientId, fetchUserOperationsWithAccessToken, scope } = core.settings;
  const asked = String(scopes?.length ? scopes : scope).match(/[^\s,]+/g) ?? [];
  const query = formOf({
    client_id: clientId,
    // It says how long a sign-in lasts, and permits nothing.
    scope: asked.filter(name => !/^offline_access$/i.test(name)).join(' '),
    accountId: fetchUserOperationsWithAccessToken ? undefined : core.accountId,
  });
  const url = await endpoint(core, '/user-operations');
  return fetchUserOperationsWithAccessToken
    ? request(core, `${url}/resource?${query}`, { headers: { authorization: `Bearer ${await getAccessToken()}` } })
    : request(core, `${url}?${query}`);
}
