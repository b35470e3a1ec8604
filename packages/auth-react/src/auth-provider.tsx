'use client';
import type { AuthAppState, AuthClientOptions } from '@linden/auth-web';
import { type ReactNode, useEffect, useMemo, useSyncExternalStore } from 'react';
import { AuthContext } from './auth-context.js';
import { AuthSession } from './auth-session.js';

export type AuthProviderProps = AuthClientOptions & {
  children?: ReactNode;
  /** Leave answers in the address to the app. */
  skipRedirectCallback?: boolean | undefined;
  /** Called once after a sign-in by redirect. Default: the address is replaced by `appState.returnTo`. */
  onRedirectCallback?: ((appState: AuthAppState | undefined) => void) | undefined;
};

const restore = (appState: AuthAppState | undefined): void =>
  history.replaceState(history.state, '', appState?.returnTo || location.pathname);

/** Owns one client. Another `clientId` or server is another client; another `accountId` is a switch; neither signs anybody out. */
export function AuthProvider({ children, skipRedirectCallback, onRedirectCallback, ...options }: AuthProviderProps) {
  const { clientId, accountId } = options;
  const base = String(options.baseURL ?? options.baseUrl ?? options.issuer);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the other options are read once, like a constructor's.
  const session = useMemo(() => new AuthSession(options), [clientId, base]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the answer is taken up once, with the props of that moment.
  useEffect(() => session.connect(skipRedirectCallback, onRedirectCallback ?? restore), [session]);
  useEffect(() => session.selectAccount(accountId), [session, accountId]);

  const value = useSyncExternalStore(session.subscribe, session.value, () => session.serverValue);
  return <AuthContext.Provider value={value}>{children}</AuthContext.Provider>;
}
