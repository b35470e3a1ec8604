import { beforeEach, describe, expect, it, vi } from 'vitest';
import { freshPage, json, newWorld, type World } from './world.js';

let world: World;
let AuthClient: Awaited<ReturnType<typeof freshPage>>['AuthClient'];
beforeEach(async () => {
  vi.useRealTimers();
  world = newWorld();
  ({ AuthClient } = await freshPage());
});

const client = () => new AuthClient(world.options);
const frames = () => document.querySelectorAll('iframe').length;

describe('silent sign-in', () => {
  it('asks in an iframe with prompt=none and the callback page in both steps', async () => {
    const auth = client();
    await auth.checkSession();
    expect(auth.isAuthenticated()).toBe(true);
    expect(world.frames).toHaveLength(1);
    expect(world.frames[0]?.searchParams.get('prompt')).toBe('none');
    expect(world.frames[0]?.searchParams.get('redirect_uri')).toBe('https://shop.example/silent-callback.html');
    expect(world.tokenRequests[0]?.fields.redirect_uri).toBe('https://shop.example/silent-callback.html');
    expect(frames()).toBe(0);
  });

  it('takes login_required for a guest, without a token request', async () => {
    world.user = undefined;
    const auth = client();
    await auth.checkSession();
    expect(auth.isAuthenticated()).toBe(false);
    expect(auth.getIdentityClaims()).toBeUndefined();
    expect(auth.session).toBeUndefined();
    expect(world.seen).toHaveLength(0);
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'login_required', error: 'login_required' });
    expect(frames()).toBe(0);
  });

  it.each(['server_error', 'interaction_required', 'consent_required'])('rejects with %s', async error => {
    world.frame = query => new URLSearchParams({ state: query.get('state') ?? '', error });
    await expect(client().checkSession()).rejects.toMatchObject({ code: error });
  });

  it('ignores messages of other windows, origins and types', async () => {
    world.frame = (query, frame) => {
      const forged = `?code=forged&state=${query.get('state')}`;
      world.post(frame, forged, { source: window });
      world.post(frame, forged, { origin: 'https://elsewhere.example' });
      world.post(frame, forged, { data: { type: 'something', search: forged } });
      world.post(frame, forged, { data: null });
      return query;
    };
    await client().checkSession();
    expect(world.tokenRequests.map(({ fields }) => fields.code)).toEqual(['code-1']);
  });

  it('refuses another state at once', async () => {
    world.frame = query => new URLSearchParams({ code: query.get('code') ?? '', state: 'changed' });
    await expect(client().checkSession()).rejects.toMatchObject({ code: 'state_mismatch' });
    expect(world.tokenRequests).toHaveLength(0);
    expect(frames()).toBe(0);
  });

  it('tells a blocked frame at once', async () => {
    world.frame = () => 'blocked';
    await expect(client().checkSession()).rejects.toMatchObject({
      code: 'frame_blocked',
      description: expect.stringContaining('https://shop.example/silent-callback.html'),
    });
    expect(frames()).toBe(0);
  });

  it('gives up after ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    world.frame = () => 'silence';
    const failed = expect(client().checkSession()).rejects.toMatchObject({ code: 'timeout' });
    while (!frames()) await new Promise(setImmediate);
    await vi.advanceTimersByTimeAsync(10_000);
    await failed;
    expect(frames()).toBe(0);
  });

  it('shares one request among callers', async () => {
    const auth = client();
    const tokens = await Promise.all([auth.checkSession(), ...Array.from({ length: 50 }, () => auth.getAccessToken())]);
    expect(new Set(tokens.slice(1)).size).toBe(1);
    expect(world.frames).toHaveLength(1);
    expect(world.tokenRequests).toHaveLength(1);
  });

  it('shares it for guests too', async () => {
    world.user = undefined;
    const auth = client();
    await Promise.all([auth.checkSession(), auth.checkSession()]);
    expect(world.frames).toHaveLength(1);
  });

  it('asks once more when the code is refused, and only once', async () => {
    world.answer = ({ fields }) => (fields.code === 'code-1' ? json(400, { error: 'invalid_grant' }) : undefined);
    const auth = client();
    await auth.checkSession();
    expect(auth.isAuthenticated()).toBe(true);
    expect(world.frames).toHaveLength(2);
    world.answer = ({ fields }) => (fields.code ? json(400, { error: 'invalid_grant' }) : undefined);
    await expect(auth.getAccessToken({ scope: 'CSR' })).rejects.toMatchObject({ code: 'invalid_grant' });
    expect(world.frames).toHaveLength(4);
  });

  it('sends no blanks and no undefined', async () => {
    await new AuthClient({
      ...world.options,
      accountId: undefined,
      scope: undefined,
      silentRedirectUri: undefined,
    }).checkSession();
    for (const [, value] of world.frames[0]?.searchParams ?? []) expect(value).not.toMatch(/^$|undefined|null/);
    for (const value of Object.values(world.tokenRequests[0]?.fields ?? {}))
      expect(value).not.toMatch(/^$|undefined|null/);
  });
});

describe('where there is no browser', () => {
  it('constructs, answers, and rejects with a typed error', async () => {
    vi.stubGlobal('document', undefined);
    const auth = new AuthClient({ ...world.options, useLocalStorageForTokenCache: true });
    expect(auth.isAuthenticated()).toBe(false);
    await expect(auth.loginWithRedirect()).rejects.toMatchObject({ code: 'browser_required' });
    await expect(auth.checkSession()).rejects.toMatchObject({ code: 'browser_required' });
    await expect(auth.handleRedirectCallback()).rejects.toMatchObject({ code: 'browser_required' });
  });

  it('says so when the page is not a secure context', async () => {
    vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
    await expect(client().loginWithRedirect()).rejects.toMatchObject({ code: 'insecure_context' });
  });
});
