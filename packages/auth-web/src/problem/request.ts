import type { Core } from '../core.js';
import { AuthError, type FieldError } from '../errors.js';
import { exchange } from '../http.js';

/** What an endpoint outside OAuth answers when it refuses (RFC 9457); `type` is `urn:linden:problem:CODE`. */
interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  errors?: FieldError[];
}

/** A JSON answer, or an `AuthError` with the problem's code and field errors. */
export async function request<T>(core: Core, url: string, init?: RequestInit): Promise<T> {
  const [{ ok, status }, answer] = await exchange(core, url, init);
  if (ok) return answer as T;
  const { type = '', title, detail, errors = [] } = answer as Problem;
  const code = /^urn:.*:(.+)/.exec(type)?.[1] ?? (status < 500 ? `http_${status}` : 'server_error');
  throw new AuthError(code, detail ?? title, { status, errors });
}
