'use client';
import { useContext } from 'react';
import { AuthContext, type AuthContextValue } from './auth-context.js';

/** The state of sign-in and the client's methods, under an `AuthProvider`. */
export function useAuth(): AuthContextValue {
  const auth = useContext(AuthContext);
  if (!auth) throw new Error('useAuth needs an AuthProvider');
  return auth;
}
