import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, fillSignIn, openBrowser, visitor } from './support/browser.js';
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

const languageOf = (page: { evaluate: <T>(code: () => T) => Promise<T> }) =>
  page.evaluate(() => document.documentElement.lang);

describe('a shopper whose browser prefers German', () => {
  it('shops, signs in, errs and signs in again in German', async () => {
    const context = await visitor(browser, { locale: 'de-CH' });
    const page = await context.newPage();
    await page.goto(shop.origin);
    await page.getByRole('heading', { name: 'Einfache Dinge, die bleiben' }).waitFor();
    expect(await languageOf(page)).toBe('de');
    await expectAccessible(page);

    await page.getByRole('button', { name: 'Anmelden' }).first().click();
    await page.waitForURL(/\/auth\/login/);
    await page.getByRole('heading', { name: 'Anmelden' }).waitFor();
    expect(await languageOf(page)).toBe('de');
    await expectAccessible(page);
    await fillSignIn(page, { ...ANNA, password: 'falsch' });
    expect(await page.getByRole('alert').textContent()).toContain('passen nicht zusammen');
    await fillSignIn(page, ANNA);
    await page.getByRole('button', { name: 'Abmelden' }).first().waitFor();
    await page.goto(`${shop.origin}/lists`);
    await page.getByRole('heading', { name: 'Ihre Listen' }).waitFor();
    await context.close();
  });
});

describe('the switch in the footer', () => {
  it('is remembered, and the sign-in follows it rather than the browser', async () => {
    const context = await visitor(browser, { locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByRole('heading', { name: 'Einfache Dinge, die bleiben' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Einfache Dinge, die bleiben' }).waitFor();
    await page.getByRole('button', { name: 'Anmelden' }).first().click();
    await page.waitForURL(/\/auth\/login/);
    expect(await languageOf(page)).toBe('de');
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'Plain things, made to be kept' }).waitFor();
    expect(await languageOf(page)).toBe('en');
    await context.close();
  });
});

describe('the shopper’s own details', () => {
  it('are changed where they are wrong, and stay', async () => {
    const context = await visitor(browser, { phone: true });
    const page = await context.newPage();
    await page.goto(`${shop.origin}/profile`);
    await page.getByRole('button', { name: 'Log In' }).last().click();
    await page.waitForURL(/\/auth\/login/);
    await fillSignIn(page, BEN);
    await page.waitForURL(`${shop.origin}/profile`);
    const phone = page.getByLabel('Phone number');
    await phone.fill('call me');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('This is not a phone number').waitFor();
    expect(await phone.evaluate(field => field === document.activeElement)).toBe(true);
    await expectAccessible(page);
    await phone.fill('+45 12 34 56 78');
    await page.getByLabel('Your name').fill('Ben Bø');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your details are saved.').waitFor();
    await page.reload();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('[name="phone"]')?.value !== undefined);
    expect(await phone.inputValue()).toBe('+45 12 34 56 78');
    expect(await page.getByLabel('Your name').inputValue()).toBe('Ben Bø');
    await context.close();
  });
});
