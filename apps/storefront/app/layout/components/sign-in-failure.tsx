import { useAuth } from '@linden/auth-react';
import { isAuthError } from '@linden/auth-web';
import { Failure } from '@src/common/components';
import { useEffect, useState } from 'react';

/** Tells guests why they are guests, when they did not choose to be. What they had typed is still there. */
export function SignInFailure() {
  const { error, isAuthenticated, checkSession, subscribe } = useAuth();
  const [hasEnded, setHasEnded] = useState(false);
  useEffect(() => subscribe(({ type }) => setHasEnded(type === 'expired')), [subscribe]);

  if (isAuthenticated) return null;
  if (hasEnded) return <Failure id="auth.ended" />;
  if (!error || isAuthError(error, 'account_denied')) return null; // ForeignAccount sees to the latter
  return <Failure id="auth.failed" onRetry={() => checkSession().catch(() => {})} />;
}
