import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser, signedIn, signedOut, signIn, visitor } from './support/browser.js';
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

/** Where the shop keeps tokens, as its settings have it. */
const CACHES = {
  memory: {},
  'session storage': { useRefreshTokensWithSessionStorage: true },
  'local storage': { useRefreshTokensWithLocalStorage: true },
};
/** What only Anna may see. */
const ANNAS = /Anna Berg|Fjord Supplies|Presents for Ben/;

async function device(settings: object): Promise<BrowserContext> {
  const context = await visitor(browser);
  await context.route('**/config.json', async route => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), ...settings } });
  });
  // Notes each state of a page that shows Ben's name beside something of Anna's.
  await context.addInitScript(source => {
    const mixed: string[] = [];
    Object.assign(window, { mixed });
    new MutationObserver(() => {
      const text = document.body?.textContent ?? '';
      if (text.includes('Ben Holm') && new RegExp(source).test(text)) mixed.push(text);
    }).observe(document, { childList: true, subtree: true, characterData: true });
  }, ANNAS.source);
  return context;
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(shop.origin + path);
  return page;
}

async function expectNothingOfAnnas(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ben Holm' }).waitFor();
  await page.waitForLoadState('networkidle');
  const { text, mixed, stored } = await page.evaluate(() => ({
    text: document.body.textContent ?? '',
    mixed: (window as unknown as { mixed: string[] }).mixed,
    stored: JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  }));
  expect(text).not.toMatch(ANNAS);
  expect(mixed).toEqual([]);
  expect(stored).not.toMatch(/anna|Anna/);
}

/** Anna's lists, companies and selected company are on the screen, in the first tab of two. */
async function annas(context: BrowserContext): Promise<[Page, Page]> {
  const first = await open(context, '/');
  await signIn(first, ANNA);
  await first.goto(`${shop.origin}/lists`);
  await first.getByLabel('Name of the new list').fill('Presents for Ben');
  await first.getByRole('button', { name: 'Create list' }).click();
  await first.getByRole('heading', { name: 'Presents for Ben' }).waitFor();
  const second = await open(context, '/companies');
  await second
    .getByRole('button', { name: /Fjord Supplies/ })
    .first()
    .click();
  await second.getByRole('banner').getByText('Fjord Supplies').first().waitFor({ state: 'attached' });
  return [first, second];
}

describe.each(Object.entries(CACHES))('the next person at the same device, with tokens in %s', (_, settings) => {
  it('sees nothing of the one before: after a sign-out, and where tabs stayed open', async () => {
    const context = await device(settings);
    const [first, second] = await annas(context);
    await first.getByRole('button', { name: 'Log Out' }).click();
    await signedOut(first);
    await signedOut(second);
    expect(await second.getByText(ANNAS).count()).toBe(0);

    await signIn(first, BEN);
    await expectNothingOfAnnas(first);
    for (const path of ['/companies', '/lists']) {
      await first.goto(shop.origin + path);
      await expectNothingOfAnnas(first);
    }
    await expectNothingOfAnnas(second);
    await context.close();
  });
});

describe('somebody who signs in over another’s session', () => {
  it('finds the other tabs without anything of theirs', async () => {
    const context = await device({});
    const [lists, companies] = await annas(context);
    await lists.getByLabel('Name of the new list').fill('typed by Anna');
    const third = await open(context, '/auth/login?client_id=storefront');
    await fillSignIn(third, BEN);
    await signedIn(third);
    for (const page of [third, lists, companies]) await expectNothingOfAnnas(page);
    await companies.getByText('You are not a member of any company yet.').waitFor();
    expect(await lists.getByLabel('Name of the new list').inputValue()).toBe('');
    await context.close();
  });
});
