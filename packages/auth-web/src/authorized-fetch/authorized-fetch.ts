import type { Core } from '../core.js';
import { AuthError } from '../errors.js';
import { requirePage } from '../page.js';
import { cacheKey, tokenRequest } from '../token-cache/token-request.js';

/**
 * `fetch` with the user's token, for the page's own origin and `apiOrigins` only. A guest's request goes out as it is. A 401 renews
 * the token and repeats the request, once.
 */
export async function authorizedFetch(
  core: Core,
  getAccessToken: () => Promise<string>,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  requirePage();
  const request = new Request(input instanceof Request ? input : new URL(input, location.href), init);
  const { origin } = new URL(request.url);
  if (![location.origin, ...(core.settings.apiOrigins ?? [])].includes(origin))
    throw new AuthError('origin_not_allowed', origin);
  if (!core.store.session() || request.headers.has('authorization')) return fetch(request);
  const send = async (once: Request): Promise<[Response, string]> => {
    const token = await getAccessToken();
    once.headers.set('authorization', `Bearer ${token}`);
    return [await fetch(once), token];
  };
  const [response, refused] = await send(request.clone());
  if (response.status !== 401) return response;
  const key = cacheKey(tokenRequest(core));
  if (core.store.token(key)?.accessToken === refused) core.store.drop(key);
  try {
    return (await send(request))[0];
  } catch (error) {
    if (error instanceof AuthError) return response;
    throw error;
  }
}
