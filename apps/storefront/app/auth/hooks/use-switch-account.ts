import { useAuth } from '@linden/auth-react';
import { useState } from 'react';
import { useSelectedAccount } from '../contexts';

/** Lets the shopper act for another account, without a reload. The choice is kept only when the server agreed. */
export function useSwitchAccount() {
  const auth = useAuth();
  const { keepAccount } = useSelectedAccount();
  const [isSwitching, setIsSwitching] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);

  const switchAccount = async (accountId: string | undefined) => {
    setIsSwitching(true);
    setHasFailed(false);
    try {
      await auth.switchAccount(accountId);
      keepAccount(accountId);
    } catch {
      setHasFailed(true);
    } finally {
      setIsSwitching(false);
    }
  };
  return { switchAccount, isSwitching, hasFailed };
}
