'use client';
import type { ComponentType } from 'react';
import type { AuthContextValue } from './auth-context.js';
import { useAuth } from './use-auth.js';

/** Hands `useAuth()` to a component as the property `auth`. */
export function withAuth<P extends { auth: AuthContextValue }>(Component: ComponentType<P>) {
  return function WithAuth(props: Omit<P, 'auth'>) {
    return <Component {...({ ...props, auth: useAuth() } as P)} />;
  };
}
