import { AuthSessionManager } from '@app/auth/components/auth-session-manager';
import { useAuth } from '@linden/auth-react';
import { I18nProvider } from '@lingui/react';
import { setUpTexts } from '@src/i18n';
import { SettingsProvider } from '@src/settings';
import { defaults, type Settings } from '@src/settings/settings';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('@linden/auth-react', () => ({ useAuth: vi.fn() }));

const minutes = 60_000;
const calls = {
  getSession: vi.fn(),
  getAccessToken: vi.fn(async () => 'token'),
  logoutWithRedirect: vi.fn(async () => {}),
  loginWithRedirect: vi.fn(async () => {}),
  redirectToRememberMeUrl: vi.fn(),
};
let root: ReturnType<typeof createRoot>;
let page: HTMLElement;

const session = (minutesLeft: number, more: object = {}) => ({
  inactivityAt: Date.now() + minutesLeft * minutes,
  requiresLoginAt: Date.now() + 600 * minutes,
  rememberMeAvailable: false,
  ...more,
});

async function show(known: object, settings: Partial<Settings> = {}) {
  const auth = { isAuthenticated: true, user: { sub: 'anna', sid: 's' }, session: known, ...calls };
  vi.mocked(useAuth).mockReturnValue(auth as unknown as ReturnType<typeof useAuth>);
  await act(async () =>
    root.render(
      <I18nProvider i18n={setUpTexts()}>
        <SettingsProvider settings={{ ...defaults, ...settings }}>
          <MemoryRouter>
            <AuthSessionManager>the shop</AuthSessionManager>
          </MemoryRouter>
        </SettingsProvider>
      </I18nProvider>,
    ),
  );
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
const dialog = () => page.querySelector('dialog');
const press = (name: string) =>
  act(async () => [...page.querySelectorAll('button')].find(button => button.textContent === name)?.click());

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  for (const call of Object.values(calls)) call.mockReset();
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
  };
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
});
afterEach(async () => {
  await act(() => root.unmount());
  page.remove();
  vi.useRealTimers();
});

it('draws the shop and asks nobody while the end is far', async () => {
  await show(session(30));
  await pass(5 * minutes);
  expect(page.textContent).toContain('the shop');
  expect(calls.getSession).not.toHaveBeenCalled();
});

it('warns when the server agrees that the end is near; staying renews', async () => {
  calls.getSession.mockImplementation(async () => session(2));
  await show(session(2));
  await pass(1000);
  expect(dialog()?.open).toBe(true);
  await press('Stay logged in');
  expect(calls.getAccessToken).toHaveBeenCalledExactlyOnceWith({ ignoreCache: true });
});

it('trusts the server: another tab has moved the end', async () => {
  calls.getSession.mockImplementation(async () => session(30));
  await show(session(2));
  await pass(5 * minutes);
  expect(dialog()?.open).toBe(false);
  expect(calls.getSession).toHaveBeenCalledOnce();
  expect(calls.logoutWithRedirect).not.toHaveBeenCalled();
});

it('signs out once when the server agrees that the end has come', async () => {
  calls.getSession.mockResolvedValue(undefined);
  await show(session(0));
  await pass(1 * minutes);
  expect(calls.logoutWithRedirect).toHaveBeenCalledOnce();
  expect(calls.getSession.mock.calls.length).toBeLessThan(5);
});

it('keeps what is on the screen while the server cannot be asked', async () => {
  calls.getSession.mockRejectedValue(new Error('offline'));
  await show(session(0));
  await pass(1 * minutes);
  expect(calls.logoutWithRedirect).not.toHaveBeenCalled();
  expect(calls.getSession.mock.calls.length).toBeGreaterThan(1);
});

it('goes on from the remember-me cookie, where that is offered', async () => {
  calls.getSession.mockResolvedValue(undefined);
  await show(session(0, { rememberMeAvailable: true }), { features: { ...defaults.features, rememberMe: true } });
  await pass(1000);
  expect(calls.redirectToRememberMeUrl).toHaveBeenCalledOnce();
  expect(calls.logoutWithRedirect).not.toHaveBeenCalled();
});

it('offers nothing but a new sign-in before the hard end', async () => {
  const ends = { requiresLoginAt: Date.now() + 1 * minutes };
  calls.getSession.mockImplementation(async () => session(30, ends));
  await show(session(30, ends));
  await pass(1000);
  await press('Sign in again');
  expect(calls.loginWithRedirect).toHaveBeenCalledOnce();
  expect(calls.getAccessToken).not.toHaveBeenCalled();
});

it('does nothing with refresh tokens', async () => {
  await show(session(0), { useRefreshTokens: true });
  await pass(1 * minutes);
  expect(calls.getSession).not.toHaveBeenCalled();
});
