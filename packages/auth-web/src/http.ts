import type { Core } from './core.js';
import { REQUEST_LIMIT } from './durations.js';
import { endpoint } from './endpoints.js';
import { AuthError } from './errors.js';
import type { TokenResponse } from './token-response/token-response.js';

/** Blank values count as absent. */
export type Fields = Record<string, string | number | null | undefined>;

export const formOf = (fields: Fields): URLSearchParams =>
  new URLSearchParams(Object.entries(fields).filter(([, value]) => value || value === 0) as [string, string][]);

/**
 * An answer of the authorization server with its body, `{}` when that is no JSON. Why it is none is not told: the reason would quote the
 * text, and with it part of a token.
 */
export async function exchange(
  core: Core,
  url: string,
  init?: RequestInit,
): Promise<[Response, Record<string, unknown>]> {
  try {
    const response = await fetch(url, {
      credentials: core.settings.credentials ? 'include' : 'same-origin',
      signal: AbortSignal.timeout(REQUEST_LIMIT),
      ...init,
    });
    const text = await response.text();
    let answer = {};
    try {
      answer = JSON.parse(text);
    } catch {
      // As said.
    }
    return [response, answer];
  } catch (cause) {
    throw new AuthError((cause as Error).name === 'TimeoutError' ? 'timeout' : 'network', undefined, { cause });
  }
}

/** RFC 6749 §3.2. A refused account is told apart from a dead grant. */
export async function requestTokens(core: Core, fields: Fields): Promise<TokenResponse> {
  const body = formOf({ client_id: core.settings.clientId, ...fields });
  const [{ ok, status }, answer] = await exchange(core, await endpoint(core, '/oauth/token'), { method: 'POST', body });
  if (ok) return answer as TokenResponse;
  const { error = 'server_error', error_description } = answer as Record<string, string | undefined>;
  throw new AuthError(fields.accountId && error === 'invalid_target' ? 'account_denied' : error, error_description, {
    status,
  });
}
