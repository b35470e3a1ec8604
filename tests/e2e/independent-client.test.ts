import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser, requests, silentRequests, visitor } from './support/browser.js';
import { ANNA, type Shop, startShop } from './support/shop.js';

/** oidc-client-ts: written by others, knowing only the standards. */
const library = join(
  dirname(createRequire(import.meta.url).resolve('oidc-client-ts/package.json')),
  'dist/browser/oidc-client-ts.min.js',
);

let shop: Shop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([startShop(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

interface Manager {
  signinRedirect(): Promise<void>;
  signinCallback(): Promise<{ profile: { sub: string; email?: string }; access_token: string }>;
  signinSilent(): Promise<{ access_token: string } | null>;
  signoutRedirect(): Promise<void>;
  getUser(): Promise<{ access_token: string } | null>;
}

/** Pages of the shop's origin whose files are the library and nothing else. */
async function openClient(page: Page): Promise<void> {
  const script = readFileSync(library, 'utf8');
  const settings = JSON.stringify({
    authority: `${shop.origin}/auth`,
    client_id: 'storefront',
    redirect_uri: `${shop.origin}/`,
    silent_redirect_uri: `${shop.origin}/silent-callback.html`,
    post_logout_redirect_uri: `${shop.origin}/`,
    scope: 'openid email USER CUSTOMER',
    loadUserInfo: true,
  });
  const html = (body: string) => `<!doctype html><script src="/library.js"></script><script>
    window.manager = new oidc.UserManager({ ...${settings}, userStore: new oidc.WebStorageStateStore({ store: sessionStorage }) });${body}</script>`;
  await page.context().route(
    url => url.origin === shop.origin && !url.pathname.startsWith('/auth/') && !url.pathname.startsWith('/api/'),
    route => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/library.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      const body = pathname === '/silent-callback.html' ? 'window.manager.signinSilentCallback();' : '';
      return route.fulfill({ contentType: 'text/html', body: html(body) });
    },
  );
  await page.goto(shop.origin);
}

const call = (page: Page, method: keyof Manager) =>
  page.evaluate(async name => {
    const { manager } = window as unknown as { manager: Record<string, () => Promise<unknown>> };
    const value = await manager[name]?.();
    return JSON.parse(JSON.stringify(value ?? null)) as unknown;
  }, method);

describe('oidc-client-ts', () => {
  it('signs in, renews by iframe, reads user info and signs out', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await openClient(page);
    void call(page, 'signinRedirect').catch(() => undefined);
    await page.waitForURL(/\/auth\/login/);
    await fillSignIn(page, ANNA);
    await page.waitForURL(/[?&]code=/);
    const user = (await call(page, 'signinCallback')) as {
      profile: { sub: string; email?: string };
      access_token: string;
    };
    expect(user.profile.email).toBe('anna@fjord.example');

    const seen = requests(page);
    const renewed = (await call(page, 'signinSilent')) as { access_token: string };
    expect(renewed.access_token).not.toBe(user.access_token);
    expect(silentRequests(seen)).toHaveLength(1);
    expect(silentRequests(seen)[0]?.frame().parentFrame()).not.toBeNull();

    void call(page, 'signoutRedirect').catch(() => undefined);
    await page.waitForURL(/\/auth\/logout/);
    await page.waitForURL(url => url.pathname === '/');
    const again = requests(page);
    const refused = await call(page, 'signinSilent').catch((error: Error) => error.message);
    expect(String(refused)).toContain('login_required');
    expect(silentRequests(again)).toHaveLength(1);
    await context.close();
  });
});
