'use client';
import type { AuthClient, IdentityClaims, SessionExpiry } from '@linden/auth-web';
import { createContext } from 'react';

/** Immutable; another object only when something visible changed. */
export interface AuthSnapshot {
  readonly isAuthenticated: boolean;
  readonly user: IdentityClaims | undefined;
  /** One object per sign-in, whose times move with each renewal. */
  readonly session: SessionExpiry | undefined;
  /** Until the first check has ended. */
  readonly isLoading: boolean;
  /** A sign-in is being asked for or taken up. */
  readonly isAuthenticating: boolean;
  /** Whether the first check has ended, well or not. */
  readonly didAuthenticationCheck: boolean;
  /** Why the check or a renewal failed; gone when one succeeds. */
  readonly error: Error | undefined;
}

/** The client's methods; what it knows stands beside them as fields. */
export type AuthMethods = Omit<
  AuthClient,
  'isAuthenticated' | 'session' | 'getSessionExpiry' | 'getIdentityClaims' | 'handleRedirectCallback' | 'close'
>;

/** What `useAuth` gives. All functions keep their identity. */
export interface AuthContextValue extends AuthSnapshot, AuthMethods {
  readonly clientId: string;
}

export const AuthContext = createContext<AuthContextValue | undefined>(undefined);
