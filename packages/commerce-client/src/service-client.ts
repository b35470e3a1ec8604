import { CommerceError, type Problem } from './commerce-error.js';

/** Where a service lies. */
export interface ServiceOptions {
  /** Default: the service's place behind the shop's gateway. */
  baseURL?: string | URL | undefined;
}

/** Last argument of every method. */
export interface ClientOptions {
  /** Sent as a bearer; without one the gateway's guest token serves. */
  accessToken?: string | null | undefined;
  signal?: AbortSignal | undefined;
}

/** A page of a list. */
export interface Page<T> {
  content: T[];
  /** Hand it back, with the same query, to get the next page; null at the end. */
  cursor?: string | null;
}

export interface PageOptions {
  /** How many entries a page may have. */
  limit?: number | undefined;
  cursor?: string | null | undefined;
}

interface RequestParts {
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What the clients have in common: one request, as JSON, with its errors. */
export class ServiceClient {
  readonly #base: string;

  constructor(base: string | URL) {
    this.#base = String(base).replace(/\/$/, '');
  }

  protected async request<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: readonly string[],
    options: ClientOptions | undefined,
    { query = {}, body, headers: more = {} }: RequestParts = {},
  ): Promise<T> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
    const url = `${this.#base}/${path.map(encodeURIComponent).join('/')}${search.size ? `?${search}` : ''}`;
    const headers: Record<string, string> = { accept: 'application/json', ...more };
    if (options?.accessToken) headers.authorization = `Bearer ${options.accessToken}`;
    const init: RequestInit = { method, headers, signal: options?.signal ?? null };
    if (body !== undefined) {
      headers['content-type'] ??= 'application/json';
      init.body = JSON.stringify(body);
    }
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, init);
      text = await response.text();
    } catch (cause) {
      if (options?.signal?.aborted) throw cause;
      throw new CommerceError(0, {}, cause);
    }
    let answer: unknown;
    try {
      answer = text ? JSON.parse(text) : undefined;
    } catch (cause) {
      throw new CommerceError(response.status, {}, cause);
    }
    if (!response.ok) throw new CommerceError(response.status, (answer as Problem | undefined) ?? {});
    return answer as T;
  }
}
