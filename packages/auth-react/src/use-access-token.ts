'use client';
import type { GetAccessTokenOptions } from '@linden/auth-web';
import { useCallback, useRef } from 'react';
import type { AuthContextValue } from './auth-context.js';
import { useAuth } from './use-auth.js';

/**
 * A function, always the same one, that gives a token for the newest state: `null` for a guest, so that the gateway's own token serves.
 * It rejects when a signed-in user's token cannot be renewed; `error` of `useAuth` tells so too.
 */
export function useAccessToken(): (options?: GetAccessTokenOptions) => Promise<string | null> {
  const auth = useAuth();
  const newest = useRef<AuthContextValue>(auth);
  newest.current = auth;
  return useCallback(
    async options => (newest.current.isAuthenticated ? newest.current.getAccessToken(options) : null),
    [],
  );
}
