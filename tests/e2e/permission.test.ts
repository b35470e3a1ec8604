import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectAccessible, openBrowser, requests, signIn, visitor } from './support/browser.js';
import { ANNA, type Shop, startShop } from './support/shop.js';

/** Somebody who may look at lists and at her own record, and change neither. */
const GRY = { username: 'gry', password: 'slate harbour lamp' };
const READER = `
[[role]]
server = "customers"
name = "READER"
permissions = ["READ_ITEM_LIST", "READ_ACCOUNT", "READ_APPLICATION", "READ_CUSTOMER"]

[[user]]
server = "customers"
username = "${GRY.username}"
email = "gry@fjord.example"
full_name = "Gry Lund"
password = "${GRY.password}"
roles = ["READER"]
`;

let shop: Shop;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'linden-e2e-'));
  const reader = join(folder, 'reader.toml');
  writeFileSync(reader, READER);
  [shop, browser] = await Promise.all([startShop({ args: ['--with', reader] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  rmSync(folder, { recursive: true, force: true });
});

const rightsRequests = (seen: { url(): string }[]) =>
  seen.filter(request => request.url().includes('/user-operations'));
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('buttons by right', () => {
  it('are there for a shopper who may make, rename, fill and delete lists', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(shop.origin);
    await signIn(page, ANNA);
    await page.waitForLoadState('networkidle'); // the home page asks for rights, too
    const seen = requests(page);
    await page.goto(`${shop.origin}/lists`);
    await page.getByLabel('Name of the new list').fill('Harbour');
    await button(page, 'Create list').click();
    const card = page.locator('.card', { has: page.getByRole('heading', { name: 'Harbour' }) });
    await card.getByRole('button', { name: 'Rename' }).waitFor();
    expect(await card.getByRole('button', { name: 'Delete' }).count()).toBe(1);
    expect(rightsRequests(seen)).toHaveLength(1);
    await page.goto(`${shop.origin}/profile`);
    await button(page, 'Save').waitFor();
    await context.close();
  });

  it('are not there for somebody who may only look, and the services refuse it all the same', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(shop.origin);
    await signIn(page, GRY);
    await page.waitForLoadState('networkidle');
    const answered = page.waitForResponse(response => response.url().includes('/auth/user-operations?'));
    await page.goto(`${shop.origin}/lists`);
    const rights = await (await answered).json();
    expect(rights).toEqual({ ACCOUNT: ['READ'], APPLICATION: ['READ'], CUSTOMER: ['READ'], ITEM_LIST: ['READ'] });
    await page.getByText('no lists yet', { exact: false }).waitFor();
    expect(await page.getByLabel('Name of the new list').count()).toBe(0);
    await expectAccessible(page);

    await page.goto(`${shop.origin}/profile`);
    const name = page.getByLabel('Your name');
    await name.waitFor();
    expect(await name.inputValue()).toBe('Gry Lund');
    expect([await name.isEditable(), await button(page, 'Save').count()]).toEqual([false, 0]);
    await expectAccessible(page);

    const token = page.waitForResponse(response => response.url().endsWith('/auth/oauth/token'));
    await page.reload();
    const { access_token } = await (await token).json();
    const refused = await page.evaluate(async bearer => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ name: 'Forced' });
      return (await fetch('/api/cart/item-lists', { method: 'POST', headers, body })).status;
    }, access_token);
    expect(refused).toBe(403);
    await context.close();
  });
});
