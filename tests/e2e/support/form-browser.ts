/** A browser as far as signing in without JavaScript needs one: cookies, one form, redirects looked at and not followed. */
export class FormBrowser {
  readonly #cookies = new Map<string, string>();

  async #send(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', ...(cookie ? { cookie } : {}) };
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { ...headers, ...init.headers } });
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (name && value !== undefined) this.#cookies.set(name, value);
    }
    return response;
  }

  /** From an authorize address by the hosted form to the callback's address. */
  async signIn(authorize: URL, who: { username: string; password: string }): Promise<URL> {
    const form = await this.follow(await this.#send(authorize.href), /\/login/);
    const text = await (await this.#send(form.href)).text();
    const hidden = (name: string) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(text)?.[1] ?? '';
    const body = new URLSearchParams({ request: hidden('request'), _csrf: hidden('_csrf'), ...who });
    const submitted = await this.#send(new URL('/auth/login', form).href, { method: 'POST', body });
    return this.follow(submitted, /[?&](code|error)=/);
  }

  /** Where redirects lead, as far as the first address that fits. */
  async follow(response: Response, fits: RegExp): Promise<URL> {
    for (let next: Response = response, hops = 0; hops < 5; hops += 1) {
      const location = next.headers.get('location');
      if (!location) throw new Error(`no redirect but ${next.status}: ${(await next.text()).slice(0, 300)}`);
      const url = new URL(location, next.url || undefined);
      if (fits.test(url.href)) return url;
      next = await this.#send(url.href);
    }
    throw new Error('redirects without end');
  }

  /** A silent question, or a sign-out: the redirect that answers. */
  async ask(url: URL): Promise<URL> {
    const response = await this.#send(url.href);
    const location = response.headers.get('location');
    if (!location) throw new Error(`no redirect but ${response.status}`);
    return new URL(location, url);
  }
}
