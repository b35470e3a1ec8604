'use client';
import { type ReactNode, useEffect } from 'react';
import { useAuth } from './use-auth.js';

export interface RequireAuthProps {
  children?: ReactNode;
  /** Shown until it is known who is there, and while a guest is sent to sign in. */
  fallback?: ReactNode;
  /** What happens to a guest. Default: sign-in by redirect, and back to this page. */
  onGuest?: (() => void) | undefined;
}

/** Shows its children to signed-in users only. Navigates in an effect, never while rendering. */
export function RequireAuth({ children, fallback = null, onGuest }: RequireAuthProps) {
  const { isAuthenticated, didAuthenticationCheck, loginWithRedirect } = useAuth();
  const isGuest = didAuthenticationCheck && !isAuthenticated;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a guest is sent away once, not at each new onGuest.
  useEffect(() => {
    if (!isGuest) return;
    if (onGuest) onGuest();
    else
      loginWithRedirect({ appState: { returnTo: location.pathname + location.search + location.hash } }).catch(
        () => {},
      );
  }, [isGuest, loginWithRedirect]);
  return isAuthenticated ? children : fallback;
}
