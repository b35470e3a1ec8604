import { useAuth } from '@linden/auth-react';
import { useSettings } from '@src/settings';
import type { ReactNode } from 'react';
import { SessionEndDialog } from './session-end-dialog';

/**
 * Warns before the session ends and signs out when it has ended. With refresh tokens there is nothing to do: a refresh
 * does not depend on activity.
 */
export function AuthSessionManager({ children }: { children: ReactNode }) {
  const { useRefreshTokens } = useSettings();
  const { isAuthenticated, user } = useAuth();
  return (
    <>
      {children}
      {isAuthenticated && !useRefreshTokens && <SessionEndDialog key={String(user?.sid)} />}
    </>
  );
}
