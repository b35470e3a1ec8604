import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser } from './support/browser.js';
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

let site: SdkSite;
let shop: Shop;
let browser: Browser;
const inMemory = () => ({
  baseURL: `${shop.origin}/auth`,
  clientId: 'sdk',
  credentials: true,
  apiOrigins: [shop.origin],
});
const inStorage = () => ({ ...inMemory(), useLocalStorageForTokenCache: true });

beforeAll(async () => {
  site = await startSdkSite();
  const file = join(newDataDirectory(), 'sdk.toml');
  writeFileSync(file, clientTable('sdk', [site.origin]));
  [shop, browser] = await Promise.all([startShop({ args: ['--with', file] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  site?.close();
});

/** Goes to the sign-in page from where the page is, and comes back; the answer is not taken up yet. */
async function toCallback(page: Page): Promise<void> {
  void call(page, 'loginWithRedirect').catch(() => undefined);
  await page.waitForURL(/\/auth\/login/);
  await fillSignIn(page, ANNA);
  await page.waitForURL(url => url.origin === site.origin && url.searchParams.has('code'));
}

async function signIn(page: Page): Promise<void> {
  await openWith(page, site.origin, inStorage());
  await toCallback(page);
  await makeClient(page, inStorage());
  expect(await call(page, 'handleRedirectCallback')).toEqual({ value: {} });
}

const name = async (page: Page) => ((await call(page, 'getIdentityClaims')).value as { fullName?: string }).fullName;
/** Puts more than half the quota and then ever smaller pieces, until nothing fits. */
const fill = (page: Page, kind: 'localStorage' | 'sessionStorage') =>
  page.evaluate(storage => {
    for (let size = 2 ** 23; size >= 1; size /= 2)
      try {
        window[storage].setItem(`fill ${size}`, 'x'.repeat(size));
      } catch {
        // Not that much.
      }
  }, kind);
/** Writes over what the SDK keeps. */
const edit = (page: Page, kind: 'localStorage' | 'sessionStorage', change: (entry: string) => string) =>
  page.evaluate(
    ([storage, source]) => {
      const rewrite = new Function(`return (${source})`)() as (entry: string) => string;
      const keys = Object.keys(window[storage]).filter(key => key.startsWith('linden'));
      for (const key of keys) window[storage].setItem(key, rewrite(window[storage].getItem(key) ?? ''));
      return keys.length;
    },
    [kind, String(change)] as const,
  );

describe('storage that is refused', () => {
  it('leaves silent sign-in and reading, and tells why no sign-in can begin', async () => {
    const [context, page] = await guest(browser);
    await context.addInitScript(() => {
      for (const storage of ['localStorage', 'sessionStorage'])
        Object.defineProperty(window, storage, {
          get() {
            throw new DOMException('Access is denied for this document.', 'SecurityError');
          },
        });
    });
    await openWith(page, site.origin, inStorage());
    expect(await call(page, 'checkSession')).toEqual({});
    expect(await isSignedIn(page)).toBe(false);
    expect((await call(page, 'loginWithRedirect')).error).toMatchObject({
      name: 'AuthError',
      code: 'storage_unavailable',
    });

    await page.goto(`${shop.origin}/auth/login?client_id=sdk`);
    await fillSignIn(page, ANNA);
    await page.waitForURL(url => url.origin === site.origin);
    await openWith(page, `${site.origin}/?code=a&state=b`, inStorage());
    expect(await call(page, 'handleRedirectCallback')).toEqual({ value: {} });
    expect([await isSignedIn(page), await name(page)]).toEqual([true, 'Anna Berg']);
    await context.close();
  });
});

describe('storage that is full', () => {
  it('keeps tokens for as long as the page lives', async () => {
    const [context, page] = await guest(browser);
    await openWith(page, site.origin, inStorage());
    await fill(page, 'localStorage');
    await toCallback(page);
    await makeClient(page, inStorage());
    expect(await call(page, 'handleRedirectCallback')).toEqual({ value: {} });
    expect([await isSignedIn(page), await name(page)]).toEqual([true, 'Anna Berg']);
    expect(await page.evaluate(() => Object.keys(localStorage).filter(key => key.startsWith('linden')))).toEqual([]);

    await fill(page, 'sessionStorage');
    expect((await call(page, 'loginWithRedirect')).error).toMatchObject({
      name: 'AuthError',
      code: 'storage_unavailable',
    });
    await context.close();
  });
});

describe('storage that was edited by hand', () => {
  const garbage: [string, (entry: string) => string][] = [
    ['half of it', entry => entry.slice(0, entry.length / 2)],
    ['nothing', () => ''],
    ['other values', () => '[null, 7]'],
    [
      'other types',
      entry => JSON.stringify({ ...JSON.parse(entry), accessToken: 7, lifetime: 'long', expiry: 'never' }),
    ],
    [
      'another person',
      entry => (entry.includes('accessToken') ? entry : entry.replace(/"sub":"[^"]+"/g, '"sub":"ben"')),
    ],
  ];

  it('costs a renewal at most', async () => {
    const [context, page] = await guest(browser);
    await signIn(page);
    for (const [what, change] of garbage) {
      expect(await edit(page, 'localStorage', change), what).toBe(2);
      await openWith(page, site.origin, inStorage());
      const first = await call(page, 'checkSession');
      if (first.error) expect(first.error, what).toMatchObject({ name: 'AuthError', code: 'session_changed' });
      const status = await page.evaluate(async url => {
        const { auth } = window as unknown as { auth: { fetch(input: string): Promise<Response> } };
        return (await auth.fetch(url)).status;
      }, `${shop.origin}/auth/userinfo`);
      expect([await isSignedIn(page), await name(page), status], what).toEqual([true, 'Anna Berg', 200]);
    }
    await context.close();
  });

  it('never shows a token of another person than the session’s', async () => {
    const [context, page] = await guest(browser);
    await signIn(page);
    await edit(page, 'localStorage', entry => {
      const { accessToken, ...rest } = JSON.parse(entry);
      return JSON.stringify(accessToken ? { ...rest, accessToken: 'of ben', claims: { sub: 'ben' } } : rest);
    });
    await openWith(page, site.origin, inStorage());
    expect(await name(page)).toBe('Anna Berg');
    expect((await call(page, 'getAccessToken')).value).not.toBe('of ben');
    await context.close();
  });

  it('lets a sign-in under way end by an error with a name, or silently', async () => {
    const [context, page] = await guest(browser);
    await signIn(page);
    for (const [what, change] of [
      ...garbage.slice(0, 3),
      ['types', entry => JSON.stringify({ ...JSON.parse(entry), appState: 7, params: 'a', scope: 7, verifier: 7 })],
      ['few left', entry => JSON.stringify({ client: JSON.parse(entry).client, startedAt: Date.now() })],
    ] as typeof garbage) {
      await openWith(page, site.origin, inMemory());
      void call(page, 'loginWithRedirect').catch(() => undefined);
      await page.waitForURL(url => url.origin === site.origin && url.searchParams.has('code'));
      expect(await edit(page, 'sessionStorage', change), what).toBe(1);
      await makeClient(page, inMemory());
      const { error } = await call(page, 'handleRedirectCallback');
      if (error) expect(error.name, what).toBe('AuthError');
      expect(page.url(), what).toBe(`${site.origin}/`);
      expect(await call(page, 'checkSession'), what).toEqual({});
      expect([await isSignedIn(page), await name(page)], what).toEqual([true, 'Anna Berg']);
      await page.evaluate(() => sessionStorage.clear());
    }
    await context.close();
  });
});
