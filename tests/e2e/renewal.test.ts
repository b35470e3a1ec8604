import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { navigations, openBrowser, requests, signedIn, signIn, silentRequests, visitor } from './support/browser.js';
import { ANNA, type Shop, startShop } from './support/shop.js';

let shop: Shop;
let browser: Browser;
beforeAll(async () => {
  [shop, browser] = await Promise.all([startShop(), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** The same shop with the client whose tokens live five seconds. */
async function shortLived(): Promise<BrowserContext> {
  const context = await visitor(browser);
  await context.route('**/config.json', async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), clientId: 'storefront-5s' } });
  });
  return context;
}

describe('when the token has expired', () => {
  it('the next call renews it by one hidden iframe, and a half-filled form keeps its text', async () => {
    const context = await shortLived();
    const page = await context.newPage();
    await page.goto(shop.origin);
    await signIn(page, ANNA);
    await page.getByLabel('Message').fill('May your mornings be slow');
    await page.waitForTimeout(6000);
    const seen = requests(page);
    await page.getByRole('button', { name: 'Save to wishlist: Enamel mug' }).first().click();
    await page
      .getByRole('button', { name: /^Saved: Enamel mug/ })
      .first()
      .waitFor();
    expect(silentRequests(seen).length).toBeGreaterThanOrEqual(1);
    for (const silent of silentRequests(seen)) expect(silent.frame().parentFrame()).not.toBeNull();
    expect(navigations(seen)).toHaveLength(0);
    expect(await page.getByLabel('Message').inputValue()).toBe('May your mornings be slow');
    expect(await page.locator('iframe').count()).toBe(0);
    await signedIn(page);
    await context.close();
  });
});
