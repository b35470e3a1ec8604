import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, openBrowser, signedIn, signedOut, signIn } from './support/browser.js';
import { ANNA, type Shop, startShop } from './support/shop.js';

// Every screen, on a small phone, a tablet and a desk, light and dark: nothing is cut off, nothing is hard to read. With
// SCREENSHOTS naming a folder, each is photographed into it.

const SIZES = [
  { width: 320, height: 640 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];
const SCHEMES = ['light', 'dark'] as const;

/** What a screen is called, where it lies, and what shows that it is whole. */
interface Screen {
  name: string;
  path: string;
  whole: (page: Page) => Promise<unknown>;
}

const heading = (page: Page) => page.getByRole('heading').first().waitFor();

const GUEST_SCREENS: Screen[] = [
  { name: 'home', path: '/', whole: signedOut },
  { name: 'product', path: '/goods/', whole: signedOut },
  { name: 'login-in-the-shop', path: '/login', whole: heading },
  { name: 'not-found', path: '/no-such-page', whole: heading },
  { name: 'sign-in', path: '/auth/login?client_id=storefront', whole: heading },
  { name: 'sign-out-question', path: '/auth/logout', whole: heading },
  { name: 'dev', path: '/dev', whole: heading },
  { name: 'error', path: '/auth/oauth/authorize?client_id=nobody', whole: heading },
  { name: 'not-offered', path: '/auth/password/forgot?client_id=storefront', whole: heading },
];

const CUSTOMER_SCREENS: Screen[] = [
  { name: 'home-signed-in', path: '/', whole: signedIn },
  { name: 'lists', path: '/lists', whole: signedIn },
  {
    name: 'companies',
    path: '/companies',
    whole: page => page.getByRole('main').getByText('Fjord Supplies').first().waitFor(),
  },
  { name: 'dashboard', path: '/dashboard', whole: heading },
  { name: 'profile', path: '/profile', whole: page => page.getByRole('textbox').first().waitFor() },
];

let shop: Shop;
let browser: Browser;
let aProduct: string;

beforeAll(async () => {
  [shop, browser] = await Promise.all([startShop(), openBrowser()]);
  const page = await browser.newPage();
  await page.goto(shop.origin);
  aProduct = (await page.locator('a[href^="/goods/"]').first().getAttribute('href')) ?? '';
  await page.close();
});

afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

async function look(page: Page, screen: Screen, scheme: string, sizes = SIZES): Promise<void> {
  const path = screen.path === '/goods/' ? aProduct : screen.path;
  for (const size of sizes) {
    await page.setViewportSize(size);
    await page.goto(`${shop.origin}${path}`);
    await screen.whole(page);
    await photograph(page, `${screen.name}-${size.width}-${scheme}`);
    const [wide, wider] = await page.evaluate(() => {
      const { clientWidth, scrollWidth } = document.documentElement;
      const beyond = [...document.querySelectorAll('body *')].filter(
        element =>
          element.getBoundingClientRect().right > clientWidth + 1 && getComputedStyle(element).position !== 'absolute',
      );
      return [scrollWidth - clientWidth, beyond.map(element => element.outerHTML.slice(0, 120))] as const;
    });
    expect(wide > 0 ? wider : [], `${screen.name} at ${size.width}`).toEqual([]);
  }
  await expectAccessible(page);
}

async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

for (const scheme of SCHEMES) {
  describe(`${scheme} screens`, () => {
    it('a guest sees', async () => {
      const context = await browser.newContext({ colorScheme: scheme });
      const page = await context.newPage();
      for (const screen of GUEST_SCREENS) await look(page, screen, scheme);
      await context.close();
    });

    it('a customer sees', async () => {
      const context = await browser.newContext({ colorScheme: scheme });
      const page = await context.newPage();
      await page.goto(shop.origin);
      await signIn(page, ANNA);
      for (const screen of CUSTOMER_SCREENS) await look(page, screen, scheme);
      await context.close();
    });
  });
}

/** A script sends this page on at once; without it the page stays, with a button. */
it('whoever has no scripts sees the page that answers by form', async () => {
  const request = new URLSearchParams({
    client_id: 'storefront',
    response_type: 'code',
    response_mode: 'form_post',
    redirect_uri: `${shop.origin}/`,
    scope: 'openid USER',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    prompt: 'none',
  });
  for (const scheme of SCHEMES) {
    const context = await browser.newContext({ colorScheme: scheme });
    await context.route(/\.js$/, route => route.abort());
    const screen = { name: 'answer-by-form', path: `/auth/oauth/authorize?${request}`, whole: heading };
    await look(await context.newPage(), screen, scheme);
    await context.close();
  }
});

/** German words are longer; a small phone has the least room for them. */
it('a guest who reads German sees', async () => {
  const context = await browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  for (const { name, path } of GUEST_SCREENS.filter(screen => screen.name !== 'dev')) {
    await look(page, { name: `german-${name}`, path, whole: heading }, 'light', SIZES.slice(0, 1));
    expect(await page.locator('html').getAttribute('lang'), name).toBe('de');
  }
  await context.close();
});
