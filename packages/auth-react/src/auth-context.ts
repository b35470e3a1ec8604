'use client';
import type { AuthClient, AuthState } from '@linden/auth-web';
import { createContext } from 'react';

export interface AuthSnapshot extends AuthState {
  /** Until the first check has ended. */
  readonly isLoading: boolean;
  /** A sign-in is being asked for or taken up. */
  readonly isAuthenticating: boolean;
  /** Whether the first check has ended, well or not. */
  readonly didAuthenticationCheck: boolean;
  /** Why the check or a renewal failed; gone when one succeeds. */
  readonly error: Error | undefined;
}

export type AuthMethods = Pick<
  AuthClient,
  | 'loginWithRedirect'
  | 'logoutWithRedirect'
  | 'logout'
  | 'registerWithRedirect'
  | 'changePasswordWithRedirect'
  | 'redirectToRememberMe'
  | 'redirectToRememberMeUrl'
  | 'registerWithCredentials'
  | 'loginWithCredentials'
  | 'checkSession'
  | 'getAccessToken'
  | 'getSession'
  | 'getUserInfo'
  | 'findUserOperationsByScope'
  | 'switchAccount'
  | 'fetch'
  | 'subscribe'
>;

/** What `useAuth` gives. All functions keep their identity. */
export interface AuthContextValue extends AuthSnapshot, AuthMethods {
  readonly clientId: string;
}

export const AuthContext = createContext<AuthContextValue | undefined>(undefined);
