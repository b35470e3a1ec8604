import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fillSignIn,
  openBrowser,
  requests,
  signedOut,
  silentRequests,
  tokenRequests,
  visitor,
} from './support/browser.js';
import { call, clientTable, isSignedIn, makeClient, openWith, type SdkSite, startSdkSite } from './support/sdk-site.js';
import { ANNA, newDataDirectory, type Shop, startShop } from './support/shop.js';

let site: SdkSite;
let shop: Shop;
let browser: Browser;
const options = () => ({ baseURL: `${shop.origin}/auth`, clientId: 'sdk', credentials: true });

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

/** A page that went to sign in and has come back with the answer in its address, not yet taken up. */
async function atCallback(appState?: Record<string, unknown>, path = '/'): Promise<[BrowserContext, Page]> {
  const context = await visitor(browser);
  const page = await context.newPage();
  await openWith(page, site.origin + path, options());
  void call(page, 'loginWithRedirect', { appState }).catch(() => undefined);
  await page.waitForURL(/\/auth\/login/);
  await fillSignIn(page, ANNA);
  await page.waitForURL(url => url.origin === site.origin && url.searchParams.has('code'));
  return [context, page];
}

const takeUp = async (page: Page) => {
  await makeClient(page, options());
  return call(page, 'handleRedirectCallback');
};
describe('the answer to a sign-in', () => {
  it('is taken up once; a reload, "back" and a second tab with its address find the session', async () => {
    const [context, page] = await atCallback();
    const callback = page.url();
    const seen = requests(page);
    expect(await takeUp(page)).toEqual({ value: {} });
    expect(page.url()).toBe(`${site.origin}/`);
    expect([await isSignedIn(page), tokenRequests(seen).length, silentRequests(seen).length]).toEqual([true, 1, 0]);

    for (const arrive of [() => page.goto(callback), () => page.reload()]) {
      await arrive();
      const again = requests(page);
      expect(await takeUp(page)).toEqual({ value: {} });
      expect([page.url(), await isSignedIn(page)]).toEqual([`${site.origin}/`, true]);
      expect(silentRequests(again)).toHaveLength(1);
    }

    await page.goto(`${site.origin}/elsewhere`);
    await page.goBack();
    expect(await takeUp(page)).toEqual({ value: {} });
    expect(await isSignedIn(page)).toBe(true);

    const second = await context.newPage();
    await second.goto(callback);
    expect(await takeUp(second)).toEqual({ value: {} });
    expect([second.url(), await isSignedIn(second)]).toEqual([`${site.origin}/`, true]);
    await context.close();
  });

  it('brings app state back with query and fragment, and leaves the address its own', async () => {
    const [context, page] = await atCallback({ returnTo: '/lists?sort=name&q=a%26b#third', basket: [1, 2] });
    await page.goto(`${page.url()}&utm_source=letter#top`);
    expect(await takeUp(page)).toEqual({
      value: { appState: { returnTo: '/lists?sort=name&q=a%26b#third', basket: [1, 2] } },
    });
    expect(page.url()).toBe(`${site.origin}/?utm_source=letter#top`);
    await context.close();
  });

  it('leads nowhere but into the app', async () => {
    for (const returnTo of ['//evil.example', 'javascript:alert(1)']) {
      const [context, page] = await atCallback({ returnTo, basket: 1 });
      expect(await takeUp(page)).toEqual({ value: { appState: { basket: 1 } } });
      await context.close();
    }
  });
});

describe('a token that is still good', () => {
  it('is given at once, and renewed when the app says so', async () => {
    const [context, page] = await atCallback();
    await takeUp(page);
    const seen = requests(page);
    const first = await call(page, 'getAccessToken');
    expect([(await call(page, 'getAccessToken')).value, seen.length]).toEqual([first.value, 0]);
    const renewed = await call(page, 'getAccessToken', { ignoreCache: true });
    expect(renewed).toEqual({ value: expect.any(String) });
    expect(renewed.value).not.toBe(first.value);
    expect([silentRequests(seen).length, tokenRequests(seen).length]).toEqual([1, 1]);
    await context.close();
  });
});

describe('parameters that are none of ours', () => {
  it('stay in the address of the shop, too', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(`${shop.origin}/?code=SUMMER10&state=Oslo#part`);
    await signedOut(page);
    expect(page.url()).toBe(`${shop.origin}/?code=SUMMER10&state=Oslo#part`);
    await context.close();
  });

  it.each(['code=SUMMER10', 'error=out_of_stock', 'code=SUMMER10&state=Oslo', 'error=sold_out&state=Oslo&keep=1'])(
    'stay in the address: %s',
    async query => {
      const context = await visitor(browser);
      const page = await context.newPage();
      const seen = requests(page);
      await page.goto(`${site.origin}/?${query}#part`);
      expect(await takeUp(page)).toEqual({ value: {} });
      expect(page.url()).toBe(`${site.origin}/?${query}#part`);
      expect([await isSignedIn(page), tokenRequests(seen).length]).toEqual([false, 0]);
      await context.close();
    },
  );
});
