import { useAuth } from '@linden/auth-react';
import { isAuthError } from '@linden/auth-web';
import { useEffect } from 'react';
import { useSelectedAccount } from '../contexts';

/**
 * Lets go of a selected account that does not belong to the visitor: after somebody else signed in at this browser, or
 * when a membership ended. Without that, the silent sign-in would be refused at each visit.
 */
export function ForeignAccount() {
  const { error, checkSession } = useAuth();
  const { accountId, keepAccount } = useSelectedAccount();
  const isDenied = isAuthError(error, 'account_denied');

  useEffect(() => {
    if (!isDenied) return;
    if (accountId) keepAccount(undefined);
    else checkSession().catch(() => {}); // what fails is in `error`
  }, [accountId, isDenied, keepAccount, checkSession]);
  return null;
}
