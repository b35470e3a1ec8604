import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectAccessible,
  navigations,
  openBrowser,
  requests,
  signedOut,
  silentRequests,
  visitor,
} from './support/browser.js';
import { type Shop, startShop } from './support/shop.js';

let shop: Shop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([startShop(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

describe('a guest', () => {
  it('is told on stdout where the shop is, and where to look when something is refused, and nothing else', async () => {
    const look = `requests, and why they were refused: ${shop.origin}/dev`;
    // The shop is ready with the first line; the others may be on their way.
    await expect.poll(() => shop.printed).toEqual([`linden ready at ${shop.origin}`, look]);
  });

  it('sees products and the public lists, asked for without a token of their own', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    const seen = requests(page);
    await page.goto(shop.origin);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('Enamel mug').first().waitFor();
    await signedOut(page);
    const lists = seen.filter(request => new URL(request.url()).pathname === '/api/cart/item-lists');
    expect(lists.length).toBeGreaterThan(0);
    const [first] = lists;
    expect(await first?.headerValue('authorization')).toBeNull();
    expect((await first?.response())?.status()).toBe(200);
    const answer = (await (await first?.response())?.json()) as { content: unknown[] };
    expect(answer.content.length).toBeGreaterThan(0);
    expect(silentRequests(seen)).toHaveLength(1);
    await expectAccessible(page);
    await context.close();
  });

  it('is sent from the dashboard to the sign-in page, once', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(`${shop.origin}/dashboard`);
    await page.waitForURL(`${shop.origin}/login`);
    const seen = requests(page);
    await page.waitForTimeout(1000);
    expect(navigations(seen)).toHaveLength(0);
    expect(new URL(page.url()).pathname).toBe('/login');
    await expectAccessible(page);
    await context.close();
  });

  it('can use every page on a phone without scrolling sideways', async () => {
    const context = await visitor(browser, { phone: true });
    const page = await context.newPage();
    for (const path of ['/', '/login', '/auth/login?client_id=storefront', '/nowhere']) {
      await page.goto(shop.origin + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const sideways = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(sideways, path).toBeLessThanOrEqual(0);
      await expectAccessible(page);
    }
    await context.close();
  });

  it('gets a page, not a redirect, for a client or redirect URI that is not registered', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    for (const query of [
      'client_id=nobody&redirect_uri=https://evil.example/',
      'client_id=storefront&redirect_uri=https://evil.example/',
    ]) {
      const answer = await page.goto(`${shop.origin}/auth/oauth/authorize?response_type=code&${query}`);
      expect(answer?.status()).toBe(400);
      expect(new URL(page.url()).origin).toBe(shop.origin);
      await expectAccessible(page);
    }
    await context.close();
  });

  it('gets a page that says so where a hosted page does not exist yet', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    const answer = await page.goto(`${shop.origin}/auth/register?client_id=storefront`);
    expect(answer?.status()).toBe(404);
    await expectAccessible(page);
    await context.close();
  });
});
