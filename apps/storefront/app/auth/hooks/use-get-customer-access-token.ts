import { useAuth } from '@linden/auth-react';
import type { GetAccessTokenOptions } from '@linden/auth-web';
import { useNewest } from '@src/common/hooks';
import { useCsrContext } from '@src/csr/context';
import { CSR_SCOPE, isCsr } from '@src/csr/utils';
import { useCallback } from 'react';

/**
 * A function that gives the token to send with a call for the shopper, or `null` for guests: a call without a token is
 * made with the gateway's own.
 *
 * It rejects when somebody is signed in and no token can be had. Going on as a guest would show them things that are
 * not theirs, so the caller says that the call failed. The function never changes, and always sees who is signed in now.
 */
export function useGetCustomerAccessToken() {
  const { isAuthenticated, getAccessToken, user } = useAuth();
  const { csrAnonymous } = useCsrContext();
  const newest = useNewest({ isGuest: !isAuthenticated || csrAnonymous, isCsr: isCsr(user) });

  return useCallback(
    async (options: GetAccessTokenOptions = {}): Promise<string | null> => {
      if (newest.current.isGuest) return null;
      return getAccessToken(newest.current.isCsr ? withCsrScope(options) : options);
    },
    [getAccessToken, newest],
  );
}

function withCsrScope(options: GetAccessTokenOptions): GetAccessTokenOptions {
  const asked = [options.scope ?? []].flat().join(' ').split(' ').filter(Boolean);
  const missing = CSR_SCOPE.split(' ').filter(scope => !asked.includes(scope));
  return { ...options, scope: [...missing, ...asked].join(' ') };
}
