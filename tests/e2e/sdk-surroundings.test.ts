import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, navigations, openBrowser, requests } from './support/browser.js';
import {
  call,
  clientTable,
  guest,
  isSignedIn,
  makeClient,
  openWith,
  type SdkSite,
  startSdkSite,
} from './support/sdk-site.js';
import { ANNA, newDataDirectory, type Shop, startShop } from './support/shop.js';

/** What the page, its server, or the network around it can do to the SDK. */
let site: SdkSite;
let shop: Shop;
let browser: Browser;
const HEADERS: Record<string, Record<string, string>> = {
  '/refusing.html': { 'content-security-policy': "frame-ancestors 'none'" },
  '/frameless': { 'content-security-policy': "frame-src 'none'" },
};
const options = (more = {}) => ({ baseURL: `${shop.origin}/auth`, clientId: 'sdk', credentials: true, ...more });
/** The same page by another name: another site than the shop's, so that frames there carry no cookie of it. */
const elsewhere = () => `http://127.0.0.1:${site.port}`;

beforeAll(async () => {
  site = await startSdkSite({ headers: path => HEADERS[path] ?? {} });
  const file = join(newDataDirectory(), 'sdk.toml');
  writeFileSync(file, clientTable('sdk', [site.origin, elsewhere()], ['/refusing.html']));
  [shop, browser] = await Promise.all([
    startShop({ args: ['--with', file] }),
    openBrowser({ args: ['--host-resolver-rules=MAP plain.example 127.0.0.1'] }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  site?.close();
});

describe('plain http by a network name', () => {
  it('is named as the reason, with what to do', async () => {
    const [context, page] = await guest(browser);
    await openWith(page, `http://plain.example:${site.port}`, options());
    for (const method of ['checkSession', 'loginWithRedirect'] as const)
      expect((await call(page, method)).error).toMatchObject({
        name: 'AuthError',
        code: 'insecure_context',
        description: expect.stringMatching(/https.*localhost/),
      });
    expect(page.url()).toBe(`http://plain.example:${site.port}/`);
    await context.close();
  });
});

describe('a frame that shows nothing', () => {
  it.each([
    ['its address is not registered', '/', '/unregistered.html'],
    ['its page must not be framed', '/', '/refusing.html'],
    ['the page allows no frames', '/frameless', '/silent-callback.html'],
  ])('fails as blocked, not by waiting: %s', async (_, path, callback) => {
    const [context, page] = await guest(browser);
    await openWith(page, site.origin + path, options({ silentRedirectUri: site.origin + callback }));
    expect((await call(page, 'checkSession')).error).toMatchObject({
      name: 'AuthError',
      code: 'frame_blocked',
      description: expect.stringContaining(callback),
    });
    expect(await page.locator('iframe').count()).toBe(0);
    await context.close();
  });
});

describe('a part that has gone with a newer deployment', () => {
  it('rejects by name, breaks nothing else, and does not hold up signing out', async () => {
    const [context, page] = await guest(browser);
    const errors: unknown[] = [];
    page.on('pageerror', error => errors.push(error));
    await context.route(/\/sdk\/(on-first-use|development|discovery|refresh-token\/rotation)\.js/, route =>
      route.fulfill({ status: 404, body: 'gone' }),
    );
    await openWith(page, site.origin, options({ useLocalStorageForTokenCache: true }));
    expect(await call(page, 'checkSession')).toEqual({});
    for (const [method, ...values] of [
      ['getSession'],
      ['registerWithRedirect'],
      ['fetch', '/'],
      ['switchAccount', 'a1'],
      ['loginWithCredentials', ANNA],
    ] as const)
      expect((await call(page, method, ...values)).error, method).toMatchObject({
        name: 'AuthError',
        code: 'part_unavailable',
      });
    await makeClient(page, options({ useRefreshTokens: true }));
    expect((await call(page, 'checkSession')).error?.code).toBe('part_unavailable');
    await makeClient(page, { issuer: `${shop.origin}/auth`, clientId: 'sdk' });
    expect((await call(page, 'checkSession')).error?.code).toBe('part_unavailable');
    expect(errors).toEqual([]);

    await makeClient(page, options({ useRefreshTokens: true }));
    const seen = requests(page);
    void call(page, 'logoutWithRedirect').catch(() => undefined);
    await page.waitForEvent(
      'framenavigated',
      frame => frame === page.mainFrame() && frame.url().startsWith(site.origin),
    );
    expect(navigations(seen).some(request => request.url().startsWith(`${shop.origin}/auth/logout`))).toBe(true);
    await context.close();
  });
});

describe('the silent sign-in by navigating', () => {
  const settings = () => options({ useTopLevelSilentLogin: true });
  /** Loads a page and answers for the round trip, if there is one. */
  async function load(page: Page, go: () => Promise<unknown>): Promise<{ roundTrips: number; returnTo?: string }> {
    const seen = requests(page);
    await go();
    await makeClient(page, settings());
    const came = page.waitForURL(url => url.searchParams.has('state'));
    void call(page, 'checkSession').catch(() => undefined);
    await came;
    await makeClient(page, settings());
    const { value } = await call(page, 'handleRedirectCallback');
    const asked = navigations(seen).filter(request => request.url().includes('prompt=none'));
    return { roundTrips: asked.length, ...(value as { appState: { returnTo: string } }).appState };
  }

  it('asks once a load, finds a guest or who has signed in, and comes back to where it was', async () => {
    const [context, page] = await guest(browser);
    const address = `${elsewhere()}/lists?sort=name#third`;
    expect(await load(page, () => page.goto(address))).toEqual({ roundTrips: 1, returnTo: '/lists?sort=name#third' });
    expect([await isSignedIn(page), page.url()]).toEqual([false, `${elsewhere()}/`]);

    void call(page, 'loginWithRedirect').catch(() => undefined);
    await page.waitForURL(/\/auth\/login/);
    await fillSignIn(page, ANNA);
    await page.waitForURL(url => url.origin === elsewhere() && url.searchParams.has('code'));
    await makeClient(page, settings());
    await call(page, 'handleRedirectCallback');
    expect(await isSignedIn(page)).toBe(true);

    // Memory is gone with the load, and from another site no frame carries the session's cookie.
    expect(await load(page, () => page.goto(address))).toEqual({ roundTrips: 1, returnTo: '/lists?sort=name#third' });
    expect([await isSignedIn(page), page.url()]).toEqual([true, `${elsewhere()}/`]);
    await context.close();
  });
});
