import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core';
import { expect } from 'vitest';
import { listen } from './secrets.js';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(more: { args?: string[]; ignoreDefaultArgs?: string[] } = {}): Promise<Browser> {
  const { args = [], ...rest } = more;
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  return listen(await chromium.launch({ ...rest, executablePath, args: [...FLAGS, ...args] }));
}

/** A person's browser: fresh, or on a phone. Errors that pages throw fail the test that asks for them. */
export async function visitor(
  browser: Browser,
  options: { phone?: boolean; javaScriptEnabled?: boolean; locale?: string } = {},
): Promise<BrowserContext> {
  const { phone, ...rest } = options;
  const context = await browser.newContext({ ...rest, ...(phone ? { viewport: { width: 360, height: 740 } } : {}) });
  context.setDefaultTimeout(15_000);
  return context;
}

/** Fills the hosted form and submits it. */
export async function fillSignIn(page: Page, who: { username: string; password: string }): Promise<void> {
  await page.locator('input[name="username"]').fill(who.username);
  await page.locator('input[name="password"]').fill(who.password);
  await page.locator('form button[type="submit"]').click();
}

/** From any page of the shop: press Log In, sign in, and be back in the shop. */
export async function signIn(page: Page, who: { username: string; password: string }): Promise<void> {
  await page.getByRole('button', { name: 'Log In' }).first().click();
  await page.waitForURL(/\/auth\/login/);
  await fillSignIn(page, who);
  await page.waitForURL(url => !url.pathname.startsWith('/auth/'));
  await signedIn(page);
}

export const signedIn = (page: Page) => page.getByRole('button', { name: 'Log Out' }).first().waitFor();
export const signedOut = (page: Page) => page.getByRole('button', { name: 'Log In' }).first().waitFor();

/** One click on Log Out, back to the shop, and no question in between. */
export async function signOut(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  await page.getByRole('button', { name: 'Log Out' }).first().click();
  await page.waitForURL(url => url.origin === origin && !url.pathname.startsWith('/auth/'));
  await signedOut(page);
}

/** The session is gone at the server too, not from the page alone. */
export async function expectNoSession(page: Page): Promise<void> {
  const seen = requests(page);
  await page.reload();
  await signedOut(page);
  const [silent] = silentRequests(seen);
  expect((await silent?.response())?.headers().location).toContain('error=login_required');
}

/** The requests that a page makes from now on. */
export function requests(page: Page): Request[] {
  const seen: Request[] = [];
  page.on('request', request => seen.push(request));
  return seen;
}

export const silentRequests = (seen: Request[]) =>
  seen.filter(request => request.url().includes('/oauth/authorize') && request.url().includes('prompt=none'));
export const tokenRequests = (seen: Request[]) => seen.filter(request => request.url().endsWith('/oauth/token'));
export const navigations = (seen: Request[]) =>
  seen.filter(request => request.isNavigationRequest() && request.frame().parentFrame() === null);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2 AA and best practices, without findings. What fades in is looked at as it will be read, not half-way. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource);
  const findings = await page.evaluate(async () => {
    for (const animation of document.getAnimations()) animation.finish();
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run();
    return violations.map(violation => `${violation.id}: ${violation.nodes.map(node => node.html).join(' | ')}`);
  });
  expect(findings).toEqual([]);
}
