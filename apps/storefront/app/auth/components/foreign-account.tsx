import { useAuth } from '@linden/auth-react';
import { isAuthError } from '@linden/auth-web';
import { useEffect } from 'react';
import { useSelectedAccount } from '../contexts';

/**
 * Lets go of a selected account that does not belong to the visitor: after somebody else signed in at this browser, or
 * when a membership ended. Without that, each token would be refused.
 *
 * A refusal may as well be that of another account, which the visitor tried to switch to; so the selected one is asked
 * for once more before it is let go.
 */
export function ForeignAccount() {
  const { error, getAccessToken, switchAccount, checkSession } = useAuth();
  const { keepAccount } = useSelectedAccount();
  const isDenied = isAuthError(error, 'account_denied');

  useEffect(() => {
    const letGo = async () => {
      const refusal = await getAccessToken().catch(reason => reason);
      if (!isAuthError(refusal, 'account_denied')) return;
      keepAccount(undefined);
      await switchAccount(null);
      await checkSession();
    };
    if (isDenied) letGo().catch(() => {}); // `error` of useAuth tells
  }, [isDenied, getAccessToken, switchAccount, checkSession, keepAccount]);
  return null;
}
