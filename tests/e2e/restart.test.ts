import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, signedIn, signIn, visitor } from './support/browser.js';
import { ANNA, newDataDirectory, startShop } from './support/shop.js';

let browser: Browser;
const data = newDataDirectory();
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  rmSync(data, { recursive: true, force: true });
});

async function keySet(origin: string): Promise<unknown> {
  return (await fetch(`${origin}/auth/oauth/jwks`)).json();
}

describe('stopped with Ctrl-C and started again', () => {
  it('has the same users and keys, and the customer is still signed in', async () => {
    const before = await startShop({ data });
    const port = Number(new URL(before.origin).port);
    const keys = await keySet(before.origin);
    const context = await visitor(browser);
    const page = await context.newPage();
    await page.goto(before.origin);
    await signIn(page, ANNA);
    expect(await before.interrupt()).toBe(0);

    const after = await startShop({ data, port });
    try {
      expect(await keySet(after.origin)).toEqual(keys);
      await page.reload();
      await signedIn(page);
      await context.close();
    } finally {
      await after.close();
    }
  });

  it('refuses a data directory that is in use, and says by whom', async () => {
    const first = await startShop({ data });
    await expect(startShop({ data })).rejects.toThrow(/in use by process \d+ at http/);
    await first.close();
  });

  it('lets two shops run side by side on two data directories', async () => {
    const [one, two] = await Promise.all([startShop(), startShop()]);
    expect(one.origin).not.toBe(two.origin);
    expect(await keySet(one.origin)).not.toEqual(await keySet(two.origin));
    await Promise.all([one.close(), two.close()]);
  });
});
