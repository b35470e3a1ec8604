import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expectNoSession,
  fillSignIn,
  openBrowser,
  requests,
  signedIn,
  signOut,
  silentRequests,
  tokenRequests,
  visitor,
} from './support/browser.js';
import { type ManyMachines, startManyMachines } from './support/many-machines.js';
import { ANNA } from './support/shop.js';

let shop: ManyMachines;
let browser: Browser;
beforeAll(async () => {
  shop = await startManyMachines();
  browser = await openBrowser({ args: shop.trust });
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
});

/** The other one takes over: what comes next is served by a node that knows nothing of what was. */
async function only(up: 'auth1' | 'auth2'): Promise<void> {
  const down = up === 'auth1' ? 'auth2' : 'auth1';
  await shop.up(up);
  await shop.down(down);
}

describe('many machines behind HAProxy', () => {
  it('sign in on one node and come back on another, by https with the cookies of production', async () => {
    await shop.down('auth2');
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Log In' }).first().click();
    await page.waitForURL(/\/auth\/login/);

    await only('auth2');
    // What comes after the form is answered is for the other node again.
    let isCallback = false;
    await page.route(/\/auth\/oauth\/token/, async route => {
      await only('auth1');
      isCallback = true;
      await route.continue();
    });
    await fillSignIn(page, ANNA);
    await signedIn(page);
    expect(isCallback).toBe(true);
    await page.unroute(/\/auth\/oauth\/token/);

    const cookies = await context.cookies();
    const ours = cookies.filter(cookie => cookie.httpOnly);
    expect(ours.length).toBeGreaterThan(0);
    for (const cookie of ours) {
      expect(cookie).toMatchObject({
        secure: true,
        sameSite: 'Lax',
        path: '/',
        name: expect.stringMatching(/^__Host-/),
      });
    }

    await only('auth2');
    const seen = requests(page);
    await page.reload();
    await signedIn(page);
    expect([silentRequests(seen).length, tokenRequests(seen).length]).toEqual([1, 1]);

    await only('auth1');
    await signOut(page);

    await only('auth2');
    await expectNoSession(page);
    await context.close();
  });

  it('serve a customer from all of them in turn', async () => {
    await shop.up('auth1');
    const context = await visitor(browser);
    const page = await context.newPage();
    const failed: string[] = [];
    page.on('response', response => response.status() >= 500 && failed.push(`${response.status()} ${response.url()}`));
    await page.goto(shop.origin);
    await page.getByRole('button', { name: 'Log In' }).first().click();
    await page.waitForURL(/\/auth\/login/);
    await fillSignIn(page, ANNA);
    await signedIn(page);
    for (const path of ['/lists', '/companies', '/dashboard', '/']) {
      await page.goto(shop.origin + path);
      await signedIn(page);
    }
    expect(failed).toEqual([]);
    await context.close();
  });
});
