import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  expectNoSession,
  fillSignIn,
  navigations,
  openBrowser,
  requests,
  signedIn,
  signedOut,
  signIn,
  signOut,
  silentRequests,
  tokenRequests,
  visitor,
} from './support/browser.js';
import { ANNA, BEN, type Shop, startShop } from './support/shop.js';

let shop: Shop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([startShop(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

async function annas(path = '/'): Promise<{ context: BrowserContext; page: Page }> {
  const context = await visitor(browser);
  const page = await context.newPage();
  await page.goto(shop.origin + path);
  await signIn(page, ANNA);
  return { context, page };
}

describe('signing in', () => {
  it('brings the customer back to the page they came from', async () => {
    const { context, page } = await annas('/goods/enamel-mug');
    expect(new URL(page.url()).pathname).toBe('/goods/enamel-mug');
    expect(page.url()).not.toMatch(/[?&](code|state)=/);
    await context.close();
  });

  it('works from the hosted page without JavaScript', async () => {
    const context = await visitor(browser, { javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${shop.origin}/auth/login?client_id=storefront`);
    await fillSignIn(page, ANNA);
    await page.waitForURL(url => !url.pathname.startsWith('/auth/'));
    const cookies = await context.cookies();
    expect(
      cookies.some(cookie => cookie.name.includes('session') && cookie.httpOnly && cookie.sameSite === 'Lax'),
    ).toBe(true);
    await context.close();
  });

  it('says what to do after a wrong password, with an accessible message', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(`${shop.origin}/auth/login?client_id=storefront`);
    await fillSignIn(page, { ...ANNA, password: 'not the password' });
    await page.getByRole('alert').waitFor();
    await expectAccessible(page);
    await fillSignIn(page, ANNA);
    await page.waitForURL(url => !url.pathname.startsWith('/auth/'));
    await context.close();
  });

  it('signs in again when the form is sent once more after going back', async () => {
    const { context, page } = await annas();
    await page.goBack({ waitUntil: 'commit' }).catch(() => undefined);
    await page.waitForTimeout(500);
    if (new URL(page.url()).pathname.startsWith('/auth/login')) {
      await fillSignIn(page, ANNA);
      await page.waitForURL(url => !url.pathname.startsWith('/auth/'));
    } else {
      await page.goto(shop.origin);
    }
    await signedIn(page);
    await context.close();
  });

  it('does not take a sign-in that began in another browser', async () => {
    const [mine, other] = [await visitor(browser), await visitor(browser)];
    const page = await mine.newPage();
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Log In' }).first().click();
    await page.waitForURL(/\/auth\/login/);
    const there = await other.newPage();
    const answer = await there.goto(page.url());
    expect(answer?.status()).toBe(400);
    expect(await there.locator('input[name="password"]').count()).toBe(0);
    await Promise.all([mine.close(), other.close()]);
  });
});

describe('a signed-in customer', () => {
  it('is still signed in after a reload, by one silent request and no navigation', async () => {
    const { context, page } = await annas();
    const seen = requests(page);
    await page.reload();
    await signedIn(page);
    expect(silentRequests(seen)).toHaveLength(1);
    expect(tokenRequests(seen)).toHaveLength(1);
    expect(navigations(seen)).toHaveLength(1);
    expect(await page.locator('iframe').count()).toBe(0);
    await context.close();
  });

  it('is signed in in a second tab, too', async () => {
    const { context } = await annas();
    const second = await context.newPage();
    const seen = requests(second);
    await second.goto(shop.origin);
    await signedIn(second);
    expect(silentRequests(seen).length).toBeLessThanOrEqual(1);
    await context.close();
  });

  it('sees lists, companies and dashboard, all without accessibility findings', async () => {
    const { context, page } = await annas();
    for (const path of ['/lists', '/companies', '/dashboard']) {
      await page.goto(shop.origin + path);
      await signedIn(page);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(new URL(page.url()).pathname).toBe(path);
      await page.waitForLoadState('networkidle');
      await expectAccessible(page);
    }
    await page.goto(`${shop.origin}/companies`);
    await page.getByRole('main').getByText('Fjord Supplies').first().waitFor();
    await context.close();
  });

  it('makes, fills and deletes a list of their own', async () => {
    const { context, page } = await annas('/lists');
    await page.getByLabel('Name of the new list').fill('Für den Sommer');
    await page.getByRole('button', { name: 'Create list' }).click();
    await page.getByText('Für den Sommer').first().waitFor();
    await page.reload();
    await page.getByText('Für den Sommer').first().waitFor();
    await context.close();
  });

  it('without a company sees none, and none of the others', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(shop.origin);
    await signIn(page, BEN);
    await page.goto(`${shop.origin}/companies`);
    await page.getByText('You are not a member of any company yet.').waitFor();
    expect(await page.getByText('Fjord Supplies').count()).toBe(0);
    await context.close();
  });
});

describe('signing out', () => {
  it('takes one click and no question, and ends the session at the server', async () => {
    const { context, page } = await annas();
    const seen = requests(page);
    await signOut(page);
    const logout = navigations(seen).filter(request => request.url().includes('/auth/logout'));
    expect(logout.map(request => request.method())).toEqual(['POST']);
    await expectNoSession(page);
    await context.close();
  });

  it('is seen in the other tabs', async () => {
    const { context, page } = await annas();
    const second = await context.newPage();
    await second.goto(shop.origin);
    await signedIn(second);
    await page.getByRole('button', { name: 'Log Out' }).first().click();
    await signedOut(page);
    await signedOut(second);
    await context.close();
  });
});
