import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillSignIn, openBrowser, visitor } from './support/browser.js';
import { ANNA, type Shop, startShop } from './support/shop.js';

/** A web application of another origin: it begins authorizations, and takes their answers, by form. */
interface Application {
  readonly callback: string;
  /** What was posted to the callback, oldest first. */
  readonly answers: URLSearchParams[];
  /** The page that posts these parameters to an address. */
  serve(action: string, parameters: Record<string, string>): string;
  close(): Promise<void>;
}

async function startApplication(): Promise<Application> {
  const answers: URLSearchParams[] = [];
  let form = '';
  const server: Server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    if (request.method !== 'POST') return response.end(form);
    let body = '';
    request.on('data', chunk => {
      body += chunk;
    });
    request.on('end', () => {
      answers.push(new URLSearchParams(body));
      response.end('<!doctype html><title>Signed in</title><h1>Signed in</h1>');
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    callback: `${origin}/callback`,
    answers,
    serve(action, parameters) {
      const fields = Object.entries(parameters).map(([name, value]) => `<input name="${name}" value="${value}">`);
      form = `<!doctype html><form method="post" action="${action}">${fields.join('')}<button>Go</button></form>`;
      return `${origin}/`;
    },
    close: () => new Promise(done => server.close(() => done())),
  };
}

let application: Application;
let shop: Shop;
let browser: Browser;
const configuration = mkdtempSync(join(tmpdir(), 'linden-form-'));
beforeAll(async () => {
  application = await startApplication();
  const file = join(configuration, 'application.toml');
  writeFileSync(
    file,
    `[[client]]
server = "customers"
client_id = "back-office"
authentication_methods = ["none"]
grant_types = ["authorization_code"]
redirect_uris = ["${application.callback}"]
scopes = ["openid", "USER"]
`,
  );
  [shop, browser] = await Promise.all([startShop({ args: ['--with', file] }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await shop?.close();
  await application?.close();
  rmSync(configuration, { recursive: true, force: true });
});

function request(verifier: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    client_id: 'back-office',
    response_type: 'code',
    response_mode: 'form_post',
    redirect_uri: application.callback,
    scope: 'openid USER',
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...more,
  };
}

async function begin(page: Page, parameters: Record<string, string>): Promise<void> {
  await page.goto(application.serve(`${shop.origin}/auth/oauth/authorize`, parameters));
  await page.getByRole('button', { name: 'Go' }).click();
}

async function exchange(answer: URLSearchParams | undefined, verifier: string): Promise<Response> {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'back-office',
    redirect_uri: application.callback,
    code: answer?.get('code') ?? '',
    code_verifier: verifier,
  });
  return await fetch(`${shop.origin}/auth/oauth/token`, { method: 'POST', body });
}

describe('an authorization by form', () => {
  for (const javaScriptEnabled of [true, false]) {
    it(`goes out and comes back as a form, JavaScript ${javaScriptEnabled ? 'on' : 'off'}`, async () => {
      const context = await visitor(browser, { javaScriptEnabled });
      const page = await context.newPage();
      const pressIfNeeded = async () => {
        if (!javaScriptEnabled) await page.getByRole('button', { name: 'Continue' }).click();
        await page.waitForURL(application.callback);
      };
      const verifier = randomBytes(32).toString('base64url');
      const before = application.answers.length;
      await begin(page, request(verifier));
      await fillSignIn(page, ANNA);
      await pressIfNeeded();
      // Once more: now the session answers. It is seen although the form comes from another site.
      await begin(page, request(verifier));
      await pressIfNeeded();
      const answers = application.answers.slice(before);
      expect(answers.map(answer => answer.get('state'))).toEqual(['state-1', 'state-1']);
      expect(answers[0]?.get('iss')).toBe(`${shop.origin}/auth`);
      for (const answer of answers) expect((await exchange(answer, verifier)).status).toBe(200);
      await context.close();
    });
  }

  it('posts nothing a second time when the browser goes back', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    const verifier = randomBytes(32).toString('base64url');
    await begin(page, request(verifier));
    await fillSignIn(page, ANNA);
    await page.waitForURL(application.callback);
    const posted = application.answers.length;
    await page.goBack();
    await page.waitForTimeout(1000);
    expect(application.answers.length).toBe(posted);
    expect((await exchange(application.answers.at(-1), verifier)).status).toBe(200);
    await context.close();
  });

  it('posts errors too', async () => {
    const context = await visitor(browser);
    const page = await context.newPage();
    await begin(page, request(randomBytes(32).toString('base64url'), { prompt: 'none' }));
    await page.waitForURL(application.callback);
    expect(application.answers.at(-1)?.get('error')).toBe('login_required');
    await context.close();
  });
});
