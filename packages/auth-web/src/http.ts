import type { Core } from './core.js';
import { endpoint } from './endpoints.js';
import { AuthError, type FieldError } from './errors.js';
import type { TokenResponse } from './token-response/token-response.js';

/** Milliseconds for one request to the authorization server. */
const LIMIT = 10_000;

/** Blank values count as absent. */
export const formOf = (fields: Record<string, string | undefined>): URLSearchParams =>
  new URLSearchParams(Object.entries(fields).filter((field): field is [string, string] => !!field[1]));

/** The name of an OAuth error, of a problem (`urn:linden:problem:NAME`), or of nothing but a status. */
function refusal(status: number, body: Record<string, unknown>): AuthError {
  const { error, error_description, type, detail, title, errors } = body as Record<string, string | undefined>;
  const code = error ?? (type?.startsWith('urn:') ? type.split(':').pop() : undefined);
  return new AuthError(
    code ?? (status < 500 ? `http_${status}` : 'server_error'),
    error_description ?? detail ?? title,
    {
      status,
      errors: (errors as FieldError[] | undefined) ?? [],
    },
  );
}

/** A JSON answer of the authorization server, `undefined` for an empty one, or an `AuthError`. */
export async function request<T>(core: Core, url: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      credentials: core.settings.credentials ? 'include' : 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(LIMIT),
      ...init,
    });
    text = await response.text();
  } catch (cause) {
    throw new AuthError((cause as Error)?.name === 'TimeoutError' ? 'timeout' : 'network', undefined, { cause });
  }
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    if (response.ok) throw new AuthError('invalid_response', 'not JSON', { status: response.status });
  }
  if (!response.ok) throw refusal(response.status, (body as Record<string, unknown>) ?? {});
  return body as T;
}

/** RFC 6749 §3.2. A refused account is told apart from a dead grant. */
export async function requestTokens(core: Core, fields: Record<string, string | undefined>): Promise<TokenResponse> {
  try {
    return await request(core, await endpoint(core, 'token'), {
      method: 'POST',
      body: formOf({ client_id: core.settings.clientId, ...fields }),
    });
  } catch (error) {
    if (fields['accountId'] && (error as AuthError).code === 'invalid_target')
      throw new AuthError('account_denied', undefined, { cause: error });
    throw error;
  }
}
