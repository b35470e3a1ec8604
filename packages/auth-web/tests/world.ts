import { vi } from 'vitest';
import type { AuthClientOptions, AuthEvent } from '../src/index.js';

/** One request as the fake server saw it. */
export interface Seen {
  url: URL;
  method: string;
  fields: Record<string, string>;
  headers: Headers;
  body: unknown;
}

type Answer = Response | Error | 'never';

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
export const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });

/** An authorization server, a browser around it, and what passed between them. */
export class World {
  readonly issuer = 'https://shop.example/auth';
  readonly seen: Seen[] = [];
  readonly frames: URL[] = [];
  readonly assigned: URL[] = [];
  readonly forms: { action: string; method: string; fields: Record<string, string> }[] = [];
  /** Who the session cookie stands for. */
  user: { sub: string; sid: string; [claim: string]: unknown } | undefined = {
    sub: 'anna',
    sid: 's1',
    username: 'anna',
    full_name: 'Anna Berg',
  };
  lifetime = 300;
  /** Takes a request out of the ordinary way. */
  answer: (seen: Seen) => Answer | undefined = () => undefined;
  /** Changes what a frame is answered, or what becomes of it. */
  frame: (query: URLSearchParams, frame: HTMLIFrameElement) => URLSearchParams | 'silence' | 'blocked' = query => query;
  #codes = 0;
  #nonces = new Map<string, string | null>();

  get tokenRequests(): Seen[] {
    return this.seen.filter(({ url }) => url.pathname === '/auth/oauth/token');
  }

  /** What an authorize request is answered. */
  authorize(url: URL): URLSearchParams {
    const answer = new URLSearchParams({ state: url.searchParams.get('state') ?? '', iss: this.issuer });
    if (!this.user) answer.set('error', 'login_required');
    else if (url.searchParams.get('accountId') === 'foreign') answer.set('error', 'access_denied');
    else {
      const code = `code-${++this.#codes}`;
      this.#nonces.set(code, url.searchParams.get('nonce'));
      answer.set('code', code);
    }
    return answer;
  }

  tokens({ code, accountId, scope }: Record<string, string> = {}): Record<string, unknown> {
    const now = Math.floor(Date.now() / 1000);
    const { sub, sid, ...claims } = this.user ?? { sub: '', sid: '' };
    const nonce = code && this.#nonces.get(code);
    const id = {
      iss: this.issuer,
      aud: this.options.clientId,
      sub,
      sid,
      iat: now,
      exp: now + 300,
      ...(nonce ? { nonce } : {}),
    };
    return {
      access_token: `access-${this.tokenRequests.length}`,
      id_token: `e30.${base64url(id)}.sig`,
      token_type: 'Bearer',
      expires_in: this.lifetime,
      scope,
      exp: now + this.lifetime,
      max: now + 43_200,
      inactivity_at: now + 1_800,
      remember_me_available: false,
      ...claims,
      sub,
      sid,
      ...(accountId ? { acct_id: accountId } : {}),
    };
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input instanceof Request ? input : new URL(String(input), 'https://shop.example/'), {
      ...init,
      signal: null,
    });
    const body = await request.clone().text();
    const form = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded');
    const seen: Seen = {
      url: new URL(request.url),
      method: request.method,
      fields: form ? Object.fromEntries(new URLSearchParams(body)) : {},
      headers: request.headers,
      body: body && !form ? JSON.parse(body) : undefined,
    };
    this.seen.push(seen);
    const answer = this.answer(seen);
    if (answer === 'never') return new Promise(() => {});
    if (answer instanceof Error) throw answer;
    if (answer) return answer;
    return seen.url.pathname === '/auth/oauth/token' ? json(200, this.tokens(seen.fields)) : json(404, {});
  };

  readonly options: AuthClientOptions & { clientId: string };

  constructor(clientId: string) {
    this.options = { baseURL: '/auth', clientId };
    vi.stubGlobal('fetch', this.fetch);
    const real = window.location;
    vi.stubGlobal('location', {
      get href() {
        return real.href;
      },
      get search() {
        return real.search;
      },
      get hash() {
        return real.hash;
      },
      get pathname() {
        return real.pathname;
      },
      origin: real.origin,
      hostname: real.hostname,
      assign: (url: string) => this.assigned.push(new URL(url, real.href)),
    });
    const world = this;
    vi.spyOn(HTMLIFrameElement.prototype, 'src', 'set').mockImplementation(function (
      this: HTMLIFrameElement,
      url: string,
    ) {
      world.#load(this, new URL(url, real.href));
    });
    vi.spyOn(HTMLFormElement.prototype, 'submit').mockImplementation(function (this: HTMLFormElement) {
      const fields = Object.fromEntries([...this.querySelectorAll('input')].map(input => [input.name, input.value]));
      world.forms.push({ action: this.action, method: this.method, fields });
    });
    history.replaceState(null, '', '/');
    sessionStorage.clear();
    localStorage.clear();
  }

  #load(frame: HTMLIFrameElement, url: URL): void {
    this.frames.push(url);
    setTimeout(() => {
      const answer = this.frame(this.authorize(url), frame);
      if (answer === 'silence') return;
      if (answer === 'blocked')
        Object.defineProperty(frame, 'contentWindow', {
          get: () => ({
            get location() {
              throw new DOMException('blocked', 'SecurityError');
            },
          }),
        });
      else this.post(frame, `?${answer}`);
      frame.onload?.(new Event('load'));
    }, 1);
  }

  post(frame: HTMLIFrameElement, search: string, change: Partial<MessageEventInit> = {}): void {
    const data = { type: 'authorization_code', search };
    window.dispatchEvent(
      new MessageEvent('message', { source: frame.contentWindow, origin: location.origin, data, ...change }),
    );
  }

  /** Comes back from the sign-in page by the answer to the last navigation. */
  comeBack(change: (query: URLSearchParams) => void = () => {}): void {
    const query = this.authorize(this.assigned.at(-1) as URL);
    change(query);
    history.replaceState(null, '', `/?${query}`);
  }
}

/** A page of its own: modules keep nothing of other tests. */
export async function freshPage() {
  vi.resetModules();
  return import('../src/index.js');
}

let worlds = 0;
export const newWorld = () => new World(`client-${++worlds}`);

export const record = (client: { subscribe(listener: (event: AuthEvent) => void): () => void }): string[] => {
  const types: string[] = [];
  client.subscribe(event => types.push(event.type));
  return types;
};

/** Web Locks within one process. */
export function stubLocks(): void {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  const request = async (name: string, options: LockOptions, use: (lock: object | null) => unknown) => {
    if (options.ifAvailable && held.has(name)) return use(null);
    const run = (tails.get(name) ?? Promise.resolve()).then(async () => {
      try {
        return await use({ name });
      } finally {
        held.delete(name);
      }
    });
    held.add(name);
    tails.set(
      name,
      run.catch(() => {}),
    );
    return run;
  };
  Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
}
