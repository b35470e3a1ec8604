import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser, requests, silentRequests, visitor } from './support/browser.js';
import { ANNA, newDataDirectory, type Shop, startShop } from './support/shop.js';

/** oidc-client-ts: written by others, knowing only the standards. */
const library = join(
  dirname(createRequire(import.meta.url).resolve('oidc-client-ts/package.json')),
  'dist/browser/oidc-client-ts.min.js',
);

let shop: Shop;
let browser: Browser;
let pages: Server;
let origin: string;

beforeAll(async () => {
  pages = createServer((request, response) => {
    const isScript = request.url === '/library.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync(library) : clientPage(request.url ?? '/'));
  });
  await new Promise<void>(listening => pages.listen(0, '127.0.0.1', listening));
  origin = `http://localhost:${(pages.address() as AddressInfo).port}`;
  const file = join(newDataDirectory(), 'independent.toml');
  writeFileSync(
    file,
    `[[client]]
server = "customers"
client_id = "independent"
friendly_name = "A client of others"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["${origin}/", "${origin}/silent.html"]
post_logout_redirect_uris = ["${origin}/"]
scopes = ["openid", "email", "USER"]
`,
  );
  [shop, browser] = await Promise.all([startShop({ args: ['--with', file] }), openBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
  pages?.close();
});

/** A page of its own origin, with the library and nothing else. */
function clientPage(path: string): string {
  const settings = {
    authority: `${shop.origin}/auth`,
    client_id: 'independent',
    redirect_uri: `${origin}/`,
    silent_redirect_uri: `${origin}/silent.html`,
    post_logout_redirect_uri: `${origin}/`,
    scope: 'openid email USER',
    loadUserInfo: true,
  };
  const answer = path.startsWith('/silent.html') ? 'manager.signinSilentCallback();' : '';
  return `<!doctype html><title>Client</title><script src="/library.js"></script><script>
    window.manager = new oidc.UserManager({ ...${JSON.stringify(settings)},
      userStore: new oidc.WebStorageStateStore({ store: sessionStorage }) });
    ${answer}</script>`;
}

const call = (page: Page, method: string) =>
  page.evaluate(async name => {
    const { manager } = window as unknown as { manager: Record<string, () => Promise<unknown>> };
    const value = await manager[name]?.();
    return JSON.parse(JSON.stringify(value ?? null)) as unknown;
  }, method);

describe('oidc-client-ts', () => {
  it('signs in, renews by iframe, reads user info and signs out', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(origin);
    void call(page, 'signinRedirect').catch(() => undefined);
    await page.waitForURL(/\/auth\/login/);
    await fillSignIn(page, ANNA);
    await page.waitForURL(url => url.origin === origin && url.searchParams.has('code'));
    const user = (await call(page, 'signinCallback')) as { profile: { email?: string }; access_token: string };
    expect(user.profile.email).toBe('anna@fjord.example');

    const seen = requests(page);
    const renewed = (await call(page, 'signinSilent')) as { access_token: string };
    expect(renewed.access_token).not.toBe(user.access_token);
    expect(silentRequests(seen)).toHaveLength(1);
    expect(silentRequests(seen)[0]?.frame().parentFrame()).not.toBeNull();

    const out = requests(page);
    void call(page, 'signoutRedirect').catch(() => undefined);
    await page.waitForEvent('framenavigated', frame => frame === page.mainFrame() && frame.url().startsWith(origin));
    expect(out.some(request => request.url().includes('/auth/logout'))).toBe(true);
    await page.waitForLoadState();
    const refused = await page.evaluate(async () => {
      const { manager } = window as unknown as { manager: { signinSilent(): Promise<unknown> } };
      return manager.signinSilent().then(
        () => 'signed in',
        (error: { error?: string }) => error.error,
      );
    });
    expect(refused).toBe('login_required');
    await context.close();
  });
});
