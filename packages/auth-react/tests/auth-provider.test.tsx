import { act, StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newWorld, type World } from '../../auth-web/tests/world.js';
import {
  type AuthContextValue,
  AuthProvider,
  type AuthProviderProps,
  RequireAuth,
  useAccessToken,
  useAuth,
  withAuth,
} from '../src/index.js';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let world: World;
let root: Root;
let auth: AuthContextValue;
let values: AuthContextValue[];
let renders: number;
let give: ReturnType<typeof useAccessToken>;

function Probe() {
  auth = useAuth();
  give = useAccessToken();
  renders++;
  if (values.at(-1) !== auth) values.push(auth);
  return <p>{auth.isLoading ? 'loading' : auth.isAuthenticated ? `hello ${auth.user?.fullName}` : 'guest'}</p>;
}

const tree = (props: Partial<AuthProviderProps> = {}, strict = true) => {
  const app = (
    <AuthProvider {...world.options} {...props}>
      {props.children ?? <Probe />}
    </AuthProvider>
  );
  return strict ? <StrictMode>{app}</StrictMode> : app;
};
/** Lets the page go on until something is so. */
const until = async (assert: () => void) => {
  for (let tries = 400; ; tries--) {
    await act(() => new Promise<void>(done => setTimeout(done, 5)));
    try {
      return assert();
    } catch (error) {
      if (!tries) throw error;
    }
  }
};
const settle = () => until(() => expect(auth.didAuthenticationCheck).toBe(true));
const show = async (props?: Partial<AuthProviderProps>, strict?: boolean) => {
  await act(async () => root.render(tree(props, strict)));
  if (!props?.children) await settle();
};

beforeEach(() => {
  world = newWorld();
  values = [];
  renders = 0;
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
});

describe('AuthProvider', () => {
  it('finds a guest by one silent request in StrictMode', async () => {
    world.user = undefined;
    await show();
    expect(document.body.textContent).toBe('guest');
    expect(world.frames).toHaveLength(1);
    expect(auth).toMatchObject({
      isAuthenticated: false,
      isLoading: false,
      error: undefined,
      user: undefined,
      session: undefined,
    });
    expect(await give()).toBeNull();
  });

  it('takes up a sign-in once in StrictMode, and hands its app state on', async () => {
    world.user = undefined;
    await show();
    await act(() => auth.loginWithRedirect({ appState: { returnTo: '/lists' } }));
    expect(auth.isAuthenticating).toBe(true);
    await act(async () => root.unmount());
    world.user = { sub: 'anna', sid: 's1', full_name: 'Anna Berg' };
    world.comeBack();
    const frames = world.frames.length;
    const onRedirectCallback = vi.fn();
    root = createRoot(document.body);
    await show({ onRedirectCallback });
    expect(world.tokenRequests).toHaveLength(1);
    expect(world.frames).toHaveLength(frames);
    expect(onRedirectCallback.mock.calls).toEqual([[{ returnTo: '/lists' }]]);
    expect(document.body.textContent).toBe('hello Anna Berg');
    expect(auth.isAuthenticating).toBe(false);
  });

  it('leaves an address with parameters of others alone, and says nothing of a sign-in', async () => {
    world.user = undefined;
    history.replaceState(null, '', '/?code=SUMMER10&state=Oslo#part');
    const onRedirectCallback = vi.fn();
    await show({ onRedirectCallback });
    expect(onRedirectCallback).not.toHaveBeenCalled();
    expect(location.href).toBe('https://shop.example/?code=SUMMER10&state=Oslo#part');
    expect(auth).toMatchObject({ isAuthenticated: false, isAuthenticating: false, error: undefined });
  });

  it('tells a failed check in error and ends loading', async () => {
    world.frame = query => new URLSearchParams({ state: query.get('state') ?? '', error: 'server_error' });
    await show();
    expect(auth).toMatchObject({
      isLoading: false,
      didAuthenticationCheck: true,
      isAuthenticated: false,
      error: { code: 'server_error' },
    });
  });

  it('draws nothing anew for a renewal, and session tells the new times', async () => {
    await show({}, false);
    const { session, user } = auth;
    const end = session?.inactivityAt ?? 0;
    const before = renders;
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 301_000);
    await act(() => auth.getAccessToken());
    expect(world.tokenRequests).toHaveLength(2);
    expect(renders).toBe(before);
    expect(auth.session).toBe(session);
    expect(auth.user).toBe(user);
    expect(session?.inactivityAt).toBeGreaterThan(end + 290_000);
    expect({ ...session }).toMatchObject({ inactivityAt: session?.inactivityAt, rememberMeAvailable: false });
  });

  it('keeps every function for good', async () => {
    world.user = undefined;
    await show();
    const functions = (value: AuthContextValue) => Object.values(value).filter(member => typeof member === 'function');
    const token = give;
    world.user = { sub: 'anna', sid: 's1' };
    await act(() => auth.checkSession());
    expect(auth.isAuthenticated).toBe(true);
    expect(functions(auth)).toEqual(functions(values[0] as AuthContextValue));
    expect(give).toBe(token);
    expect(await give()).toBe('access-1');
  });

  it('switches the account by its property without signing out', async () => {
    await show({ accountId: 'a1' });
    expect(auth.user?.acct_id).toBe('a1');
    await act(async () => root.render(tree({ accountId: 'a2' })));
    await until(() => expect(auth.user?.acct_id).toBe('a2'));
    expect(values.every((value, at) => at === 0 || value.isAuthenticated || value.isLoading)).toBe(true);
    expect(world.forms).toHaveLength(0);
  });

  it('goes on to sign-in where a registration asks for it', async () => {
    world.user = undefined;
    history.replaceState(null, '', '/?redirectToLogin=true&a=1');
    await show();
    await until(() => expect(world.assigned[0]?.pathname).toBe('/auth/oauth/authorize'));
    expect(location.search).toBe('?a=1');
  });

  it('is over with signing in when the page comes back from the back/forward cache', async () => {
    world.user = undefined;
    await show();
    await act(() => auth.loginWithRedirect());
    expect(auth.isAuthenticating).toBe(true);
    await act(async () => void window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })));
    expect(auth.isAuthenticating).toBe(false);
  });

  it('is demanded by the hook in plain words', () => {
    vi.spyOn(console, 'error').mockReturnValue();
    expect(() => renderToString(<Probe />)).toThrow(/AuthProvider/);
  });
});

describe('guards', () => {
  it('RequireAuth shows the fallback, then sends a guest to sign in and back here', async () => {
    world.user = undefined;
    history.replaceState(null, '', '/account?tab=1');
    await show({ children: <RequireAuth fallback="wait">secret</RequireAuth> });
    expect(document.body.textContent).toBe('wait');
    await until(() => expect(world.assigned).toHaveLength(1));
    world.user = { sub: 'anna', sid: 's1' };
    expect(JSON.stringify({ ...sessionStorage })).toContain('/account?tab=1');
  });

  it('RequireAuth leaves a guest to onGuest', async () => {
    world.user = undefined;
    const onGuest = vi.fn();
    await show({ children: <RequireAuth onGuest={onGuest}>secret</RequireAuth> });
    await until(() => expect(onGuest).toHaveBeenCalled());
    expect(world.assigned).toHaveLength(0);
  });

  it('RequireAuth shows its children to a user, withAuth hands the state over', async () => {
    const Name = withAuth(({ auth: { user }, greeting }: { auth: AuthContextValue; greeting: string }) => (
      <b>
        {greeting} {user?.fullName}
      </b>
    ));
    await show({
      children: (
        <RequireAuth>
          <Name greeting="Hello" />
        </RequireAuth>
      ),
    });
    await until(() => expect(document.body.textContent).toBe('Hello Anna Berg'));
  });
});
