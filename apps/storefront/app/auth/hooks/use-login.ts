import { useAuth } from '@linden/auth-react';
import { useCallback } from 'react';
import { useLocation } from 'react-router';
import { returnToOf } from '../return-to';

/** Starts the hosted sign-in, which comes back to the page it was started from. */
export function useLogin() {
  const { loginWithRedirect } = useAuth();
  const returnTo = returnToOf(useLocation());
  return useCallback(() => loginWithRedirect({ appState: { returnTo } }), [loginWithRedirect, returnTo]);
}
