import { beforeEach, describe, expect, it } from 'vitest';
import { freshPage, json, newWorld, record, type World } from './world.js';

let world: World;
let AuthClient: Awaited<ReturnType<typeof freshPage>>['AuthClient'];
beforeEach(async () => {
  world = newWorld();
  ({ AuthClient } = await freshPage());
});

const client = () => new AuthClient(world.options);

describe('sign-in by redirect', () => {
  it('asks with PKCE, state and nonce, and for openid', async () => {
    await client().loginWithRedirect();
    const asked = world.assigned[0] as URL;
    expect(asked.origin + asked.pathname).toBe('https://shop.example/auth/oauth/authorize');
    expect(Object.fromEntries(asked.searchParams)).toEqual({
      client_id: world.options.clientId,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      redirect_uri: 'https://shop.example',
      response_type: 'code',
      scope: 'openid USER',
      state: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('redeems the answer, cleans the address and gives the app state back', async () => {
    const auth = client();
    const events = record(auth);
    await auth.loginWithRedirect({ appState: { returnTo: '/lists?a=1#b', note: 7 } });
    world.comeBack();
    const done = auth.handleRedirectCallback();
    expect(location.href).toBe('https://shop.example/');
    expect(JSON.stringify({ ...sessionStorage })).toBe('{}');
    expect(await done).toEqual({ appState: { returnTo: '/lists?a=1#b', note: 7 } });
    expect(world.tokenRequests).toHaveLength(1);
    expect(world.tokenRequests[0]?.fields).toEqual({
      client_id: world.options.clientId,
      code: 'code-1',
      code_verifier: expect.stringMatching(/^[\w-]{43}$/),
      grant_type: 'authorization_code',
      redirect_uri: 'https://shop.example',
      scope: 'openid USER',
    });
    expect(auth.isAuthenticated()).toBe(true);
    expect(auth.getIdentityClaims()).toMatchObject({ sub: 'anna', full_name: 'Anna Berg', fullName: 'Anna Berg' });
    expect(auth.getIdentityClaims()).not.toHaveProperty('access_token');
    expect(auth.getSessionExpiry()?.inactivityAt).toBeGreaterThan(Date.now());
    expect(auth.session).toEqual(auth.getSessionExpiry());
    expect(events).toEqual(['signed_in']);
    expect(world.frames).toHaveLength(0);
  });

  it('keeps no token in web storage', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    await auth.handleRedirectCallback();
    expect(JSON.stringify([{ ...sessionStorage }, { ...localStorage }])).toBe('[{},{}]');
  });

  it('makes one request of a callback handled twice', async () => {
    const auth = client();
    await auth.loginWithRedirect({ appState: { returnTo: '/x' } });
    world.comeBack();
    const address = location.href;
    const both = await Promise.all([auth.handleRedirectCallback(address), auth.handleRedirectCallback(address)]);
    expect(both).toEqual([{ appState: { returnTo: '/x' } }, { appState: { returnTo: '/x' } }]);
    expect(world.tokenRequests).toHaveLength(1);
    expect(world.frames).toHaveLength(0);
  });

  it('checks the session after the callback without another request', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    await Promise.all([auth.handleRedirectCallback(), auth.checkSession()]);
    expect(world.tokenRequests).toHaveLength(1);
    expect(world.frames).toHaveLength(0);
  });

  it('keeps several sign-ins apart', async () => {
    const first = client();
    await first.loginWithRedirect({ appState: { returnTo: '/first' } });
    const answer = world.authorize(world.assigned[0] as URL);
    const second = new (await freshPage()).AuthClient(world.options);
    await second.loginWithRedirect({ appState: { returnTo: '/second' } });
    history.replaceState(null, '', `/?${answer}`);
    expect(await second.handleRedirectCallback()).toEqual({ appState: { returnTo: '/first' } });
  });

  it.each([
    ['of its server is cleaned away', `code=old&state=old&iss=${encodeURIComponent('https://shop.example/auth')}`, ''],
    ['of others stays', 'code=theirs&state=theirs&', 'code=theirs&state=theirs&'],
  ])('does not redeem an answer of unknown state: one %s, and the session is checked', async (_, answer, left) => {
    const auth = client();
    world.user = undefined;
    history.replaceState(null, '', `/?${answer}&keep=1`.replace('&&', '&'));
    expect('appState' in (await auth.handleRedirectCallback())).toBe(false);
    expect(world.tokenRequests).toHaveLength(0);
    expect(world.frames).toHaveLength(1);
    expect(location.href).toBe(`https://shop.example/?${left}keep=1`);
  });

  it('leaves an error without a state to the app', async () => {
    const auth = client();
    world.user = undefined;
    history.replaceState(null, '', '/?error=out_of_stock');
    expect(await auth.handleRedirectCallback()).toEqual({ appState: undefined });
    expect(location.search).toBe('?error=out_of_stock');
  });

  it('rejects another issuer before the code is sent', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack(query => query.set('iss', 'https://elsewhere.example/auth'));
    await expect(auth.handleRedirectCallback()).rejects.toMatchObject({ code: 'issuer_mismatch' });
    expect(world.tokenRequests).toHaveLength(0);
  });

  it('rejects with the error of a matching answer', async () => {
    const auth = client();
    await auth.loginWithRedirect({ accountId: 'foreign' });
    world.comeBack();
    await expect(auth.handleRedirectCallback()).rejects.toMatchObject({
      code: 'account_denied',
      error: 'account_denied',
    });
  });

  it('forgets a sign-in after ten minutes', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    const key = Object.keys(sessionStorage)[0] as string;
    const stored = JSON.parse(sessionStorage.getItem(key) ?? '');
    sessionStorage.setItem(key, JSON.stringify({ ...stored, startedAt: stored.startedAt - 600_001 }));
    world.user = undefined;
    await auth.handleRedirectCallback();
    expect(world.tokenRequests).toHaveLength(0);
  });

  it('answers invalid_grant at the exchange with one silent sign-in', async () => {
    const auth = client();
    await auth.loginWithRedirect({ appState: { returnTo: '/x' } });
    world.comeBack();
    world.answer = ({ fields }) => (fields.code === 'code-1' ? json(400, { error: 'invalid_grant' }) : undefined);
    expect(await auth.handleRedirectCallback()).toEqual({ appState: { returnTo: '/x' } });
    expect(world.frames).toHaveLength(1);
    expect(auth.isAuthenticated()).toBe(true);
  });

  it('gives up after that one', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    world.answer = ({ fields }) => (fields.code ? json(400, { error: 'invalid_grant' }) : undefined);
    await expect(auth.handleRedirectCallback()).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(world.frames).toHaveLength(1);
  });

  it.each([
    'https://elsewhere.example/',
    '//elsewhere.example',
    '/\\elsewhere.example',
    'javascript:alert(1)',
    '\t//elsewhere.example',
    'https://shop.example@elsewhere.example/',
    'http://[',
  ])('does not give back a returnTo out of the app: %j', async returnTo => {
    const auth = client();
    await auth.loginWithRedirect({ appState: { returnTo, note: 1 } });
    world.comeBack();
    expect(await auth.handleRedirectCallback()).toEqual({ appState: { note: 1 } });
  });

  it.each([
    ['nonce', { nonce: 'another' }],
    ['issuer', { iss: 'https://elsewhere.example/auth' }],
    ['audience', { aud: 'another' }],
    ['audience of several without azp', { aud: ['x', 'y'] }],
    ['time', { exp: 1 }],
  ])('refuses an ID token of a wrong %s', async (_, change) => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    world.answer = ({ fields }) => {
      const tokens = world.tokens(fields);
      const claims = JSON.parse(Buffer.from(String(tokens.id_token).split('.')[1] ?? '', 'base64url').toString());
      return json(200, {
        ...tokens,
        id_token: `e30.${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}.x`,
      });
    };
    await expect(auth.handleRedirectCallback()).rejects.toMatchObject({ code: 'invalid_id_token' });
    expect(auth.isAuthenticated()).toBe(false);
  });

  it('takes an ID token by the server’s clock when this one is a day off', async () => {
    const auth = client();
    await auth.loginWithRedirect();
    world.comeBack();
    world.answer = ({ fields }) => {
      const tokens = world.tokens(fields);
      const claims = JSON.parse(Buffer.from(String(tokens.id_token).split('.')[1] ?? '', 'base64url').toString());
      const late = { ...claims, iat: claims.iat + 86_400, exp: claims.exp + 86_400 };
      return json(200, {
        ...tokens,
        exp: Number(tokens.exp) + 86_400,
        id_token: `e30.${Buffer.from(JSON.stringify(late)).toString('base64url')}.x`,
      });
    };
    await auth.handleRedirectCallback();
    expect(auth.isAuthenticated()).toBe(true);
  });
});

describe('navigations', () => {
  it('happen once while the page goes, and again after the back/forward cache', async () => {
    const auth = client();
    await Promise.all([auth.loginWithRedirect(), auth.loginWithRedirect(), auth.redirectToRememberMe()]);
    expect(world.assigned).toHaveLength(1);
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await auth.redirectToRememberMeUrl();
    expect(world.assigned).toHaveLength(2);
  });

  it.each([
    ['registerWithRedirect', '/auth/register'],
    ['changePasswordWithRedirect', '/auth/password/change'],
    ['redirectToRememberMe', '/auth/remember-me-continuation'],
  ] as const)('%s names client and way back', async (method, path) => {
    await client()[method]();
    const [url] = world.assigned;
    expect(url?.pathname).toBe(path);
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      client_id: world.options.clientId,
      redirect_uri: 'https://shop.example',
    });
  });

  it('marks the way back of a registration when asked to', async () => {
    await new AuthClient({ ...world.options, enableAutoRedirectToLoginParam: true }).registerWithRedirect();
    expect(world.assigned[0]?.searchParams.get('redirect_uri')).toBe('https://shop.example?redirectToLogin=true');
  });
});
