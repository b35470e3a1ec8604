import { useAuth } from '@linden/auth-react';
import { useLanguage } from '@src/i18n';
import { useCallback } from 'react';
import { useLocation } from 'react-router';
import { returnToOf } from '../return-to';

/** Starts the hosted sign-in, which speaks the shop's language and comes back to the page it was started from. */
export function useLogin() {
  const { loginWithRedirect } = useAuth();
  const returnTo = returnToOf(useLocation());
  const uiLocales = useLanguage();
  return useCallback(
    () => loginWithRedirect({ appState: { returnTo }, uiLocales }),
    [loginWithRedirect, returnTo, uiLocales],
  );
}
