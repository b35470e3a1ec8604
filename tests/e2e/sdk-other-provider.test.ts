import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, requests, visitor } from './support/browser.js';
import { call, makeClient, openWith, type SdkSite, startSdkSite } from './support/sdk-site.js';

/** oidc-provider: an authorization server by others, with its paths, scopes and habits. */
let server: Server;
let issuer: string;
let site: SdkSite;
let browser: Browser;

beforeAll(async () => {
  site = await startSdkSite();
  server = createServer();
  await new Promise<void>(listening => server.listen(0, listening));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'sdk',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${site.origin}/`, `${site.origin}/silent-callback.html`],
        post_logout_redirect_uris: [`${site.origin}/`],
      },
    ],
    claims: { openid: ['sub'], profile: ['name'] },
    clientBasedCORS: (_: unknown, origin: string) => origin === site.origin,
    cookies: { keys: ['of this test'], long: { httpOnly: true, sameSite: 'lax' } },
    features: { revocation: { enabled: true } },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, name: 'Zoë Ångström-Łuczak' }),
    }),
    ttl: {
      AccessToken: 300,
      AuthorizationCode: 60,
      Grant: 600,
      IdToken: 300,
      Interaction: 600,
      RefreshToken: 600,
      Session: 600,
    },
  });
  server.on('request', provider.callback());
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  site?.close();
  server?.close();
  server?.closeAllConnections();
});

async function zoes(more: object): Promise<[BrowserContext, Page]> {
  const options = { issuer, clientId: 'sdk', redirectUri: `${site.origin}/`, ...more };
  const context = await visitor(browser);
  const page = await context.newPage();
  await openWith(page, site.origin, options);
  void call(page, 'loginWithRedirect', { prompt: 'consent', appState: { returnTo: '/lists' } }).catch(() => undefined);
  await page.locator('input[name="login"]').fill('zoe');
  await page.locator('input[name="password"]').fill('any');
  await page.locator('button[type="submit"]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(url => url.origin === site.origin && url.searchParams.has('code'));
  await makeClient(page, options);
  expect(await call(page, 'handleRedirectCallback')).toEqual({ value: { appState: { returnTo: '/lists' } } });
  return [context, page];
}

const signOut = async (page: Page) => {
  void call(page, 'logoutWithRedirect').catch(() => undefined);
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await page.waitForURL(`${site.origin}/`);
};

describe('given the issuer alone, with oidc-provider', () => {
  it('signs in, renews by iframe, reads user info and signs out', async () => {
    const options = { scope: 'openid profile' };
    const [context, page] = await zoes(options);
    expect((await call(page, 'getIdentityClaims')).value).toMatchObject({ sub: 'zoe' });
    const first = await call(page, 'getAccessToken');
    const renewed = await call(page, 'getAccessToken', { ignoreCache: true });
    expect(renewed.value).toEqual(expect.any(String));
    expect(renewed.value).not.toBe(first.value);
    expect((await call(page, 'getUserInfo')).value).toEqual({ sub: 'zoe', name: 'Zoë Ångström-Łuczak' });
    expect(await call(page, 'getSessionExpiry')).toEqual({});

    await page.route(`${issuer}/token`, async route => {
      const answer = await route.fetch();
      const tokens = (await answer.json()) as { id_token: string };
      const [head, claims = '', signature] = tokens.id_token.split('.');
      const others = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), aud: 'another client' };
      const forged = [head, Buffer.from(JSON.stringify(others)).toString('base64url'), signature].join('.');
      await route.fulfill({ response: answer, json: { ...tokens, id_token: forged } });
    });
    expect((await call(page, 'getAccessToken', { ignoreCache: true })).error?.code).toBe('invalid_id_token');
    await page.unroute(`${issuer}/token`);

    await signOut(page);
    await makeClient(page, { issuer, clientId: 'sdk', redirectUri: `${site.origin}/`, ...options });
    expect((await call(page, 'getAccessToken')).error).toMatchObject({ code: 'login_required' });
    await context.close();
  });

  it('renews by refresh tokens that change each time, over a reload, and revokes the last one', async () => {
    const options = {
      scope: 'openid profile offline_access',
      useRefreshTokens: true,
      useLocalStorageForTokenCache: true,
    };
    const [context, page] = await zoes(options);
    const tokens = [(await call(page, 'getAccessToken')).value];
    const seen = requests(page);
    for (let times = 0; times < 2; times++) {
      tokens.push((await call(page, 'getAccessToken', { ignoreCache: true })).value);
      await openWith(page, site.origin, { issuer, clientId: 'sdk', redirectUri: `${site.origin}/`, ...options });
    }
    expect(tokens.every(token => typeof token === 'string')).toBe(true);
    expect(new Set(tokens).size).toBe(3);
    const sent = seen.filter(request => request.url() === `${issuer}/token`);
    const refreshTokens = sent.map(request => new URLSearchParams(request.postData() ?? '').get('refresh_token'));
    expect(refreshTokens.every(Boolean)).toBe(true);
    expect(new Set(refreshTokens).size).toBe(2);
    expect((await call(page, 'isAuthenticated')).value).toBe(true);
    const out = requests(page);
    await signOut(page);
    expect(out.some(request => request.url().endsWith('/token/revocation'))).toBe(true);
    await context.close();
  });
});
