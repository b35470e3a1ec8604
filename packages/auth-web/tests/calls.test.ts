import { beforeEach, describe, expect, it, vi } from 'vitest';
import { freshPage, json, newWorld, record, type World } from './world.js';

let world: World;
let AuthClient: Awaited<ReturnType<typeof freshPage>>['AuthClient'];
beforeEach(async () => {
  world = newWorld();
  ({ AuthClient } = await freshPage());
});

const signedIn = async (options = {}) => {
  const auth = new AuthClient({ ...world.options, ...options });
  await auth.checkSession();
  return auth;
};

describe('sign-out', () => {
  it('posts the ID token as hint in a form, once', async () => {
    const auth = await signedIn();
    const events = record(auth);
    await Promise.all([auth.logoutWithRedirect(), auth.logout()]);
    expect(world.forms).toEqual([
      {
        action: 'https://shop.example/auth/logout',
        method: 'post',
        fields: {
          id_token_hint: expect.stringMatching(/^e30\./),
          client_id: world.options.clientId,
          post_logout_redirect_uri: 'https://shop.example',
        },
      },
    ]);
    expect(auth.isAuthenticated()).toBe(false);
    expect(events).toEqual([]); // the page is leaving: a guard must not cut the sign-out off
    auth.close();
  });

  it('sends a state that is given, and works for a guest', async () => {
    world.user = undefined;
    const auth = await signedIn();
    await auth.logoutWithRedirect({ state: 'x', redirectUri: 'https://shop.example/bye' });
    expect(world.forms[0]?.fields).toEqual({
      client_id: world.options.clientId,
      post_logout_redirect_uri: 'https://shop.example/bye',
      state: 'x',
    });
    auth.close();
  });
});

describe('sign-out everywhere', () => {
  it('is not pretended', async () => {
    const auth = await signedIn();
    await expect(auth.logout({ everywhere: true })).rejects.toMatchObject({ code: 'not_offered' });
    expect(auth.isAuthenticated()).toBe(true);
    await auth.logout();
    expect(world.forms).toHaveLength(1);
    auth.close();
  });
});

describe('fetch', () => {
  it('adds the token for the own origin and the listed ones only', async () => {
    const auth = await signedIn({ apiOrigins: ['https://api.example'] });
    world.answer = () => json(200, {});
    await auth.fetch('/api/cart/item-lists');
    await auth.fetch('https://api.example/x');
    expect(world.seen.slice(1).map(({ headers }) => headers.get('authorization'))).toEqual([
      'Bearer access-1',
      'Bearer access-1',
    ]);
    await expect(auth.fetch('https://elsewhere.example/x')).rejects.toMatchObject({ code: 'origin_not_allowed' });
    await expect(auth.fetch('//elsewhere.example/x')).rejects.toMatchObject({ code: 'origin_not_allowed' });
    expect(world.seen).toHaveLength(3);
  });

  it('sends a guest’s request as it is', async () => {
    world.user = undefined;
    const auth = await signedIn();
    world.answer = () => json(200, {});
    await auth.fetch('/api/cart/item-lists');
    expect(world.seen[0]?.headers.has('authorization')).toBe(false);
  });

  it('renews once on 401 and repeats the request with its body', async () => {
    const auth = await signedIn();
    world.answer = ({ url, headers }) =>
      url.pathname === '/api/x' ? json(headers.get('authorization') === 'Bearer access-1' ? 401 : 200, {}) : undefined;
    const response = await auth.fetch('/api/x', {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'content-type': 'application/json' },
    });
    expect(response.status).toBe(200);
    const calls = world.seen.filter(({ url }) => url.pathname === '/api/x');
    expect(calls.map(({ body }) => body)).toEqual([{ a: 1 }, { a: 1 }]);
    world.answer = ({ url }) => (url.pathname === '/api/x' ? json(401, {}) : undefined);
    expect((await auth.fetch('/api/x')).status).toBe(401);
    expect(world.seen.filter(({ url }) => url.pathname === '/api/x')).toHaveLength(4);
  });

  it('renews once for many refusals', async () => {
    const auth = await signedIn();
    world.answer = ({ url, headers }) =>
      url.pathname === '/api/x' ? json(headers.get('authorization') === 'Bearer access-1' ? 401 : 200, {}) : undefined;
    const all = await Promise.all(Array.from({ length: 10 }, () => auth.fetch('/api/x')));
    expect(all.every(({ status }) => status === 200)).toBe(true);
    expect(world.tokenRequests).toHaveLength(2);
  });
});

describe('the app’s own forms', () => {
  it('sign in by passcode, bound to a proof key', async () => {
    world.answer = ({ url }) =>
      url.pathname === '/auth/embedded/login' ? json(200, { id: '1', token: 'passcode', expires_in: 60 }) : undefined;
    const auth = new AuthClient(world.options);
    await auth.loginWithCredentials({ username: 'anna', password: 'secret' });
    const [login, exchange] = world.seen;
    expect(login?.url.search).toBe(`?client_id=${world.options.clientId}`);
    expect(login?.fields).toEqual({
      username: 'anna',
      password: 'secret',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    expect(exchange?.fields).toEqual({
      client_id: world.options.clientId,
      code: 'passcode',
      code_verifier: expect.any(String),
      grant_type: 'authorization_code',
      purpose: 'OTP',
      redirect_uri: 'https://shop.example',
      scope: 'openid USER',
      username: 'anna',
    });
    expect(auth.isAuthenticated()).toBe(true);
  });

  it('sign in without a proof key when PKCE is off', async () => {
    world.answer = ({ url }) =>
      url.pathname === '/auth/embedded/login' ? json(200, { token: 'passcode' }) : undefined;
    await new AuthClient({ ...world.options, usePkce: false }).loginWithCredentials({
      username: 'anna',
      password: 'secret',
    });
    expect(world.seen[0]?.fields).toEqual({ username: 'anna', password: 'secret' });
    expect(world.seen[1]?.fields).not.toHaveProperty('code_verifier');
  });

  it('register with what was filled in', async () => {
    world.answer = () => json(201, { id: '1', email: 'a@b.example' });
    const auth = new AuthClient(world.options);
    const user = await auth.registerWithCredentials({
      fullName: 'A B',
      email: 'a@b.example',
      username: '',
      password: 'x',
      preview: false,
    });
    expect(user).toEqual({ id: '1', email: 'a@b.example' });
    expect(world.seen[0]?.url.href).toBe(
      `https://shop.example/auth/register/embedded/submit?client_id=${world.options.clientId}`,
    );
    expect(world.seen[0]?.body).toEqual({
      userType: 'CUSTOMER',
      fullName: 'A B',
      email: 'a@b.example',
      password: 'x',
      preview: false,
    });
  });

  it('reject with the problem’s code and fields', async () => {
    const auth = new AuthClient(world.options);
    const errors = [{ field: 'email', code: 'taken', message: 'Taken' }];
    world.answer = () => json(422, { type: 'urn:linden:problem:validation_failed', detail: 'Some fields', errors });
    const form = { fullName: 'A', email: 'a', password: 'x' };
    await expect(auth.registerWithCredentials(form)).rejects.toMatchObject({
      code: 'validation_failed',
      description: 'Some fields',
      status: 422,
      errors,
    });
    world.answer = () => json(404, { type: 'urn:linden:problem:not_offered' });
    await expect(auth.registerWithCredentials(form)).rejects.toMatchObject({
      code: 'not_offered',
      error: 'not_offered',
    });
    await expect(auth.loginWithCredentials({ username: 'a', password: 'b' })).rejects.toMatchObject({
      code: 'not_offered',
    });
    expect(auth.isAuthenticated()).toBe(false);
  });
});

describe('what the server is asked', () => {
  it('the session, whose new times the client takes over', async () => {
    const auth = await signedIn();
    const expiry = { inactivityAt: 1, requiresLoginAt: 2, rememberMeAvailable: true };
    world.answer = () => json(200, expiry);
    expect(await auth.getSession()).toEqual(expiry);
    expect(auth.session).toEqual(expiry);
    world.answer = () => json(401, { type: 'urn:linden:problem:login_required' });
    expect(await auth.getSession()).toBeUndefined();
    world.answer = () => new TypeError('Failed to fetch');
    await expect(auth.getSession()).rejects.toMatchObject({ code: 'network' });
  });

  it('who the user is', async () => {
    const auth = await signedIn();
    world.answer = () => json(200, { sub: 'anna' });
    expect(await auth.getUserInfo()).toEqual({ sub: 'anna' });
    expect(world.seen.at(-1)?.headers.get('authorization')).toBe('Bearer access-1');
  });

  it('what the user may do, by cookie or by token', async () => {
    const auth = await signedIn();
    world.answer = () => json(200, { CUSTOMER: ['READ'] });
    expect(await auth.findUserOperationsByScope(['CUSTOMER', 'USER'])).toEqual({ CUSTOMER: ['READ'] });
    expect(world.seen.at(-1)?.url.search).toBe(`?client_id=${world.options.clientId}&scope=CUSTOMER+USER`);
    expect(world.seen.at(-1)?.headers.has('authorization')).toBe(false);
    world.answer = () => undefined;
    const other = await signedIn({ fetchUserOperationsWithAccessToken: true });
    world.answer = () => json(200, {});
    await other.findUserOperationsByScope('CUSTOMER');
    expect(world.seen.at(-1)?.url.pathname).toBe('/auth/user-operations/resource');
    expect(world.seen.at(-1)?.headers.get('authorization')).toMatch(/^Bearer access-/);
  });

  it('what the user may do for the selected account, in the client’s own scopes when none are named', async () => {
    const auth = await signedIn({ scope: ['CUSTOMER', 'USER', 'OFFLINE_ACCESS'] });
    await auth.switchAccount('north');
    world.answer = ({ url }) => (url.pathname === '/auth/user-operations' ? json(200, {}) : undefined);
    for (const scopes of [undefined, '', []]) {
      await auth.findUserOperationsByScope(scopes);
      const query = Object.fromEntries(world.seen.at(-1)?.url.searchParams ?? []);
      expect(query).toEqual({ client_id: world.options.clientId, scope: 'CUSTOMER USER', accountId: 'north' });
    }
    const withToken = await signedIn({ fetchUserOperationsWithAccessToken: true, accountId: 'north' });
    world.answer = ({ url }) => (url.pathname.startsWith('/auth/user-op') ? json(200, {}) : undefined);
    await withToken.findUserOperationsByScope('CUSTOMER');
    expect(world.seen.at(-1)?.url.searchParams.has('accountId')).toBe(false);
  });

  it.each([
    [401, 'urn:linden:problem:login_required', 'login_required'],
    [403, 'urn:linden:problem:account_denied', 'account_denied'],
    [400, 'urn:linden:problem:invalid_request', 'invalid_request'],
  ])('nothing of the user’s rights when the server refuses with %i', async (status, type, code) => {
    const auth = await signedIn();
    world.answer = () => json(status, { type, title: 'no' });
    await expect(auth.findUserOperationsByScope('CUSTOMER')).rejects.toMatchObject({ code });
  });

  it('discovery, when another provider’s endpoints are wanted', async () => {
    const issuer = 'https://idp.example';
    world.answer = ({ url }) =>
      url.pathname === '/.well-known/openid-configuration'
        ? json(200, { issuer, authorization_endpoint: `${issuer}/a?x=1`, token_endpoint: `${issuer}/t` })
        : undefined;
    await new AuthClient({ clientId: 'c', issuer, discovery: true }).loginWithRedirect();
    expect(world.assigned[0]?.href).toMatch(/^https:\/\/idp\.example\/a\?x=1&.*client_id=c/);
  });
});

describe('errors', () => {
  it('quote nothing of an answer that cannot be read', async () => {
    world.answer = () => new Response('{"access_token":"secret-token');
    const error: Error = await new AuthClient(world.options).getAccessToken().catch(reason => reason);
    expect(error).toMatchObject({ code: 'invalid_response' });
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('secret');
  });
});

describe('options', () => {
  it.each([
    ['nothing', {}],
    ['no client', { baseURL: '/auth' }],
    ['two different bases', { clientId: 'c', baseURL: '/auth', baseUrl: '/other' }],
  ])('refuse %s', (_, options) => {
    expect(() => new AuthClient(options)).toThrow(expect.objectContaining({ code: 'configuration' }));
  });

  it('take the alias of baseURL with one warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    for (let times = 0; times < 3; times++)
      new AuthClient({ clientId: 'c', baseUrl: new URL('https://shop.example/auth') });
    new AuthClient({ clientId: 'c', baseURL: '/auth', baseUrl: '/auth' });
    await vi.waitFor(() => expect(warn).toHaveBeenCalled());
    expect(warn).toHaveBeenCalledTimes(1);
  });

  it('credentials make cross-site calls carry cookies', async () => {
    const sent: (RequestCredentials | undefined)[] = [];
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
      sent.push(init?.credentials);
      return world.fetch(url, init);
    });
    await signedIn({ credentials: true });
    await signedIn();
    expect(sent).toEqual(['include', 'same-origin']);
  });
});
