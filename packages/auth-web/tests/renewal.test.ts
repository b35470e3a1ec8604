import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AuthClient as Client, TokenCache, TokenCacheEntry } from '../src/index.js';
import { freshPage, json, newWorld, record, stubLocks, type World } from './world.js';

let world: World;
let AuthClient: Awaited<ReturnType<typeof freshPage>>['AuthClient'];
beforeEach(async () => {
  vi.useRealTimers();
  Reflect.deleteProperty(navigator, 'locks');
  world = newWorld();
  ({ AuthClient } = await freshPage());
});

const signedIn = async (options = {}): Promise<Client> => {
  const auth = new AuthClient({ ...world.options, ...options });
  await auth.checkSession();
  return auth;
};
const refreshing = () => world.tokenRequests.filter(({ fields }) => fields.grant_type === 'refresh_token');
/** Sets the wall clock some seconds ahead of the real one. */
let clock: { mockRestore(): void } | undefined;
const later = (seconds: number) => {
  clock?.mockRestore();
  clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + seconds * 1000);
};

describe('renewal', () => {
  it('gives the cached token while more than 30 seconds are left', async () => {
    const auth = await signedIn();
    const first = await auth.getAccessToken();
    later(269);
    expect(await auth.getAccessToken()).toBe(first);
    later(271);
    world.frame = () => 'blocked';
    expect(await auth.getAccessToken()).toBe(first); // still good, though it could not be renewed
    expect(world.tokenRequests).toHaveLength(1);
  });

  it('renews on use with less than 30 seconds left', async () => {
    const auth = await signedIn();
    const events = record(auth);
    later(271);
    expect(await auth.getAccessToken()).toBe('access-2');
    expect(events).toEqual(['renewed']);
  });

  it('does not renew a short token at every use', async () => {
    world.lifetime = 5;
    const auth = await signedIn();
    await auth.getAccessToken();
    await auth.getAccessToken();
    expect(world.tokenRequests).toHaveLength(1);
    later(3);
    await auth.getAccessToken();
    expect(world.tokenRequests).toHaveLength(2);
  });

  it('never renews by itself', async () => {
    world.lifetime = 5;
    await signedIn();
    vi.useFakeTimers();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.frames).toHaveLength(1);
  });

  it('counts on the monotonic clock when the wall clock is set back', async () => {
    const auth = await signedIn();
    later(-3600);
    const { now } = performance;
    vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 299_000);
    expect(await auth.getAccessToken()).toBe('access-2');
  });

  it('counts on it too when the wall clock stands still', async () => {
    const auth = await signedIn();
    later(0);
    const { now } = performance;
    vi.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + 299_000);
    expect(await auth.getAccessToken()).toBe('access-2');
  });

  it('renews a good token when asked to, once for all who ask', async () => {
    const auth = await signedIn();
    const events = record(auth);
    const both = [auth.getAccessToken({ ignoreCache: true }), auth.getAccessToken({ ignoreCache: true })];
    expect(await Promise.all(both)).toEqual(['access-2', 'access-2']);
    expect(await auth.getAccessToken()).toBe('access-2');
    expect(events).toEqual(['renewed']);
    world.frame = () => 'blocked';
    await expect(auth.getAccessToken({ ignoreCache: true })).rejects.toMatchObject({ code: 'frame_blocked' });
    expect(auth.isAuthenticated()).toBe(true);
  });

  it('never renews in the background', async () => {
    const auth = await signedIn();
    later(280);
    expect(await auth.getAccessToken({ background: true })).toBe('access-1');
    later(301);
    await expect(auth.getAccessToken({ background: true })).rejects.toMatchObject({ code: 'renewal_deferred' });
    expect(world.tokenRequests).toHaveLength(1);
  });

  it('keeps the session when the network fails, and loses it when the server says so', async () => {
    const auth = await signedIn();
    const events = record(auth);
    later(301);
    world.answer = () => new TypeError('Failed to fetch');
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'network' });
    expect(auth.isAuthenticated()).toBe(true);
    world.user = undefined;
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'login_required' });
    expect(auth.isAuthenticated()).toBe(false);
    expect(events).toEqual(['renewal_failed', 'expired']);
  });

  it('keeps tokens by scope, account and parameters', async () => {
    const auth = await signedIn();
    const tokens = [
      await auth.getAccessToken(),
      await auth.getAccessToken({ scope: 'CSR USER' }),
      await auth.getAccessToken({ scope: ['USER', 'CSR'] }),
      await auth.getAccessToken({ accountId: 'a1' }),
      await auth.getAccessToken({ params: { kind: 'x' } }),
    ];
    expect(tokens).toEqual(['access-1', 'access-2', 'access-2', 'access-3', 'access-4']);
    expect(world.frames[3]?.searchParams.get('kind')).toBe('x');
  });

  it('rejects a caller of one user when another is signed in meanwhile', async () => {
    const auth = await signedIn();
    const events = record(auth);
    later(301);
    world.user = { sub: 'ben', sid: 's2', username: 'ben' };
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'session_changed' });
    expect(events).toEqual(['session_changed']);
    expect(auth.getIdentityClaims()?.sub).toBe('ben');
  });

  it('drops what belongs to another session', async () => {
    const auth = await signedIn();
    expect(await auth.getAccessToken({ scope: 'CSR' })).toBe('access-2');
    world.user = { sub: 'ben', sid: 's2', username: 'ben' };
    later(301);
    await auth.checkSession().catch(() => {});
    later(0);
    expect(await auth.getAccessToken({ scope: 'CSR' })).toBe('access-4');
  });

  it('ends with the account that was chosen last', async () => {
    const auth = await signedIn();
    await Promise.all([auth.switchAccount('a1'), auth.switchAccount(null)]);
    expect(auth.getIdentityClaims()?.acct_id).toBeUndefined();
    expect(await auth.getAccessToken()).toBe('access-1');
  });

  it('switches the account without a sign-in and keeps the old one when it is refused', async () => {
    const auth = await signedIn();
    const events = record(auth);
    await auth.switchAccount('a1');
    expect(auth.getIdentityClaims()?.acct_id).toBe('a1');
    expect(world.frames[1]?.searchParams.get('accountId')).toBe('a1');
    await expect(auth.switchAccount('foreign')).rejects.toMatchObject({ code: 'account_denied' });
    expect(auth.getIdentityClaims()?.acct_id).toBe('a1');
    expect(auth.isAuthenticated()).toBe(true);
    await auth.switchAccount(null);
    expect(auth.getIdentityClaims()?.acct_id).toBeUndefined();
    expect(events.filter(type => type === 'account_changed')).toHaveLength(2);
  });

  it('looks again after the back/forward cache', async () => {
    const auth = await signedIn();
    const events = record(auth);
    world.user = undefined;
    window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
    await vi.waitFor(() => expect(events).toEqual(['expired']), 10_000);
    auth.close();
  });

  it('goes on when a listener throws', async () => {
    const auth = new AuthClient(world.options);
    const thrown: (() => void)[] = [];
    const { setTimeout } = globalThis;
    vi.stubGlobal('setTimeout', (run: () => void, delay?: number) =>
      delay === undefined ? thrown.push(run) : setTimeout(run, delay),
    );
    auth.subscribe(() => {
      throw new Error('the listener’s own');
    });
    const events = record(auth);
    await auth.checkSession();
    expect(events).toEqual(['signed_in']);
    expect(thrown[0]).toThrow('the listener’s own');
    auth.close();
  });
});

describe('among tabs', () => {
  it('one asks, the others get its token', async () => {
    stubLocks();
    const tabs = await Promise.all(
      Array.from({ length: 5 }, async () => new (await freshPage()).AuthClient(world.options)),
    );
    for (const tab of tabs) tab.subscribe(() => {});
    await Promise.all(tabs.map(tab => tab.checkSession()));
    expect(world.tokenRequests).toHaveLength(1);
    expect(new Set(await Promise.all(tabs.map(tab => tab.getAccessToken()))).size).toBe(1);
    for (const tab of tabs) tab.close();
  });

  it('a sign-in and a sign-out are seen in all of them', async () => {
    const other = new AuthClient(world.options);
    const events = record(other);
    const auth = new (await freshPage()).AuthClient(world.options);
    await auth.checkSession();
    await vi.waitFor(() => expect(events).toEqual(['signed_in']));
    expect(other.isAuthenticated()).toBe(true);
    await auth.logoutWithRedirect();
    await vi.waitFor(() => expect(events).toEqual(['signed_in', 'signed_out']));
    expect(other.isAuthenticated()).toBe(false);
    for (const tab of [auth, other]) tab.close();
  });

  it('a sign-out is not undone by a renewal that was under way', async () => {
    const auth = new AuthClient(world.options);
    const other = new (await freshPage()).AuthClient(world.options);
    const events = record(other);
    await auth.checkSession();
    await vi.waitFor(() => expect(other.isAuthenticated()).toBe(true));
    let answerNow: (() => void) | undefined;
    world.frame = (query, frame) => {
      answerNow = () => world.post(frame, `?${query}`);
      return 'silence';
    };
    const renewed = other.getAccessToken({ ignoreCache: true });
    await vi.waitFor(() => expect(answerNow).toBeDefined());
    await auth.logoutWithRedirect();
    await vi.waitFor(() => expect(events).toEqual(['signed_in', 'signed_out']));
    answerNow?.();
    await expect(renewed).rejects.toMatchObject({ code: 'login_required' });
    expect([auth.isAuthenticated(), other.isAuthenticated()]).toEqual([false, false]);
    expect(events).toEqual(['signed_in', 'signed_out']);
    for (const tab of [auth, other]) tab.close();
  });

  it('go on without a lock that is not granted', async () => {
    vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
    const request = async (_: string, options: LockOptions, use: (lock: null) => unknown) => {
      if (options.ifAvailable) return use(null);
      throw options.signal?.reason;
    };
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
    const auth = new AuthClient(world.options);
    await auth.checkSession();
    expect(auth.isAuthenticated()).toBe(true);
    auth.close();
  });
});

describe('caches', () => {
  it.each(['useSessionStorageForTokenCache', 'useLocalStorageForTokenCache'] as const)(
    '%s outlives a reload',
    async option => {
      const warn = vi.spyOn(console, 'warn').mockReturnValue();
      const first = await signedIn({ [option]: true });
      first.close();
      const again = new (await freshPage()).AuthClient({ ...world.options, [option]: true });
      expect(again.isAuthenticated()).toBe(true);
      await again.checkSession();
      expect(world.frames).toHaveLength(1);
      expect(again.getIdentityClaims()?.sub).toBe('anna');
      await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(expect.stringContaining('useRefreshTokens')));
      again.close();
    },
  );

  it('serves by a cache that answers by promise', async () => {
    const kept = new Map<string, TokenCacheEntry>();
    const soon = <T>(value: T) => Promise.resolve(value);
    const tokenCache: TokenCache = {
      get: key => soon(kept.get(key)),
      set: (key, entry) => soon(kept.set(key, entry)),
      remove: key => soon(void kept.delete(key)),
      entries: () => soon([...kept]),
      clear: () => soon(kept.clear()),
    };
    (await signedIn({ tokenCache })).close();
    expect(kept.size).toBe(2);
    const again = new (await freshPage()).AuthClient({ ...world.options, tokenCache });
    expect(again.isAuthenticated()).toBe(false);
    await again.checkSession();
    expect(again.isAuthenticated()).toBe(true);
    expect(world.frames).toHaveLength(1);
    await again.logoutWithRedirect();
    expect(kept.size).toBe(0);
    again.close();
  });
});

describe('rotation', () => {
  beforeEach(() => {
    let generation = 0;
    world.answer = ({ url, fields }) =>
      url.pathname === '/auth/oauth/token'
        ? json(200, { ...world.tokens(fields), refresh_token: `refresh-${++generation}` })
        : undefined;
  });

  it('asks for OFFLINE_ACCESS and renews by the newest refresh token', async () => {
    const auth = await signedIn({ useRefreshTokens: true });
    expect(world.frames[0]?.searchParams.get('scope')).toBe('openid USER OFFLINE_ACCESS');
    for (const age of [301, 602]) {
      later(age);
      await auth.getAccessToken();
    }
    expect(refreshing().map(({ fields }) => fields.refresh_token)).toEqual(['refresh-1', 'refresh-2']);
    expect(refreshing()[0]?.fields).toMatchObject({
      client_id: world.options.clientId,
      scope: 'openid USER OFFLINE_ACCESS',
    });
    auth.close();
  });

  it('asks again for a lost answer with the same refresh token', async () => {
    const auth = await signedIn({ useRefreshTokens: true });
    const ordinary = world.answer;
    let lost = 0;
    world.answer = seen => (seen.fields.refresh_token && !lost++ ? new TypeError('Failed to fetch') : ordinary(seen));
    later(301);
    await auth.getAccessToken();
    expect(refreshing().map(({ fields }) => fields.refresh_token)).toEqual(['refresh-1', 'refresh-1']);
    auth.close();
  });

  it('falls back to the iframe when the refresh token is dead', async () => {
    const auth = await signedIn({ useRefreshTokens: true });
    const ordinary = world.answer;
    world.answer = seen => (seen.fields.refresh_token ? json(400, { error: 'invalid_grant' }) : ordinary(seen));
    later(301);
    await auth.getAccessToken();
    expect(refreshing()).toHaveLength(1);
    expect(world.frames).toHaveLength(2);
    auth.close();
  });

  it('ends in login_required without that fallback, or when there is no callback page', async () => {
    const options = { useRefreshTokens: true, useIFrameAsFallbackForRefreshToken: false };
    const auth = new AuthClient({ ...world.options, ...options });
    await expect(auth.getAccessToken()).rejects.toMatchObject({ code: 'login_required' });
    expect(world.frames).toHaveLength(0);
    world.frame = () => 'blocked';
    const other = new AuthClient({ ...world.options, useRefreshTokens: true });
    await expect(other.getAccessToken()).rejects.toMatchObject({
      code: 'login_required',
      cause: { code: 'frame_blocked' },
    });
    for (const tab of [auth, other]) tab.close();
  });

  it('tells a refused account from a dead grant', async () => {
    const auth = await signedIn({ useRefreshTokens: true });
    const ordinary = world.answer;
    world.answer = seen => (seen.fields.accountId ? json(400, { error: 'invalid_target' }) : ordinary(seen));
    await expect(auth.switchAccount('foreign')).rejects.toMatchObject({ code: 'account_denied' });
    expect(auth.isAuthenticated()).toBe(true);
    auth.close();
  });

  it('revokes the refresh token at sign-out', async () => {
    const auth = await signedIn({ useRefreshTokens: true });
    await auth.logoutWithRedirect();
    const revoked = () => world.seen.find(({ url }) => url.pathname === '/auth/oauth2/revoke')?.fields;
    const wanted = { client_id: world.options.clientId, token: 'refresh-1', token_type_hint: 'refresh_token' };
    await vi.waitFor(() => expect(revoked()).toEqual(wanted));
    auth.close();
  });
});
