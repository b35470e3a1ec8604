import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser, requests, silentRequests, tokenRequests, visitor } from './support/browser.js';
import { drawnByServer, hydrating, type ReactVersion } from './support/react-bundles.js';
import { clientTable, type SdkSite, startSdkSite } from './support/sdk-site.js';
import { newDataDirectory, type Shop, startShop } from './support/shop.js';

const VERSIONS: ReactVersion[] = [18, 19];
const ZOE = { username: 'zoë', password: 'a violin under the stairs' };
const FULL_NAME = 'Zoë Ångström-Łuczak 山田';

let site: SdkSite;
let shop: Shop;
let browser: Browser;
/** The app's page and script, by path. */
const files = new Map<string, string>();

beforeAll(async () => {
  site = await startSdkSite({ other: path => files.get(path) });
  const file = join(newDataDirectory(), 'react.toml');
  const user = `[[user]]
server = "customers"
username = "${ZOE.username}"
email = "zoe@fjord.example"
full_name = "${FULL_NAME}"
password = "${ZOE.password}"
roles = ["SHOPPER"]
`;
  const paths = VERSIONS.map(version => `/react-${version}`);
  writeFileSync(file, clientTable('react', [site.origin], paths) + user);
  [shop, browser] = await Promise.all([
    startShop({ args: ['--with', file] }),
    openBrowser({ ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
  ]);
  for (const version of VERSIONS) {
    const path = `/react-${version}`;
    const options = {
      baseURL: `${shop.origin}/auth`,
      clientId: 'react',
      credentials: true,
      redirectUri: site.origin + path,
      silentRedirectUri: `${site.origin}/silent-callback.html`,
    };
    const [html, script] = await Promise.all([drawnByServer(version, options), hydrating(version, options)]);
    files.set(`${path}.js`, script);
    files.set(
      path,
      `<!doctype html><meta charset="utf-8"><div id="root">${html}</div><script src="${path}.js"></script>`,
    );
  }
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  site?.close();
});

async function opened(version: ReactVersion): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await visitor(browser);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('console', message => {
    if (/error|warning/.test(message.type())) complaints.push(message.text());
  });
  await page.goto(`${site.origin}/react-${version}?shelf=3#third`);
  return { context, page, complaints };
}

const press = (page: Page, name: string) => page.getByRole('button', { name }).click();
const shown = (page: Page, text: string) => page.getByText(text, { exact: true }).waitFor();

describe.each(VERSIONS)('React %i', version => {
  it('goes on without complaint from what a server drew, and asks once in StrictMode', async () => {
    expect(files.get(`/react-${version}`)).toContain('<p>loading</p>');
    const { context, page, complaints } = await opened(version);
    await shown(page, 'Hello guest');
    const seen = requests(page);
    await page.reload();
    await shown(page, 'Hello guest');
    expect(await page.title()).toMatch(new RegExp(`^${version}\\.`));
    expect([silentRequests(seen).length, tokenRequests(seen).length]).toEqual([1, 0]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('takes up a sign-in by one request, with a name in any script, and is back where it began', async () => {
    const { context, page, complaints } = await opened(version);
    await shown(page, 'Hello guest');
    await press(page, 'Log In');
    await page.waitForURL(/\/auth\/login/);
    const seen = requests(page);
    await fillSignIn(page, ZOE);
    await shown(page, `Hello ${FULL_NAME}`);
    expect(page.url()).toBe(`${site.origin}/react-${version}?shelf=3#third`);
    expect([silentRequests(seen).length, tokenRequests(seen).length]).toEqual([0, 1]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe('a page out of the back/forward cache', () => {
  /** Goes back to the app's page, which must not be loaded anew. */
  async function back(page: Page, steps: number): Promise<void> {
    await page.evaluate(by => history.go(-by), steps);
    await page.waitForFunction(() => 'wasKept' in window && window.wasKept === true);
  }
  const watch = (page: Page) =>
    page.evaluate(() => {
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasKept: persisted }));
    });

  it('has forgotten a sign-in that was under way, and can begin another', async () => {
    const { context, page } = await opened(19);
    await shown(page, 'Hello guest');
    await watch(page);
    await press(page, 'Log In');
    await page.waitForURL(/\/auth\/login/);
    await back(page, 1);
    await shown(page, 'Hello guest');
    await press(page, 'Log In');
    await page.waitForURL(/\/auth\/login/);
    await context.close();
  });

  it('knows who has signed in meanwhile', async () => {
    const { context, page } = await opened(19);
    await shown(page, 'Hello guest');
    await watch(page);
    await page.goto(`${shop.origin}/auth/login?client_id=react`);
    await fillSignIn(page, ZOE);
    await page.waitForURL(url => url.origin === site.origin);
    await back(page, 2);
    await shown(page, `Hello ${FULL_NAME}`);
    await context.close();
  });
});
