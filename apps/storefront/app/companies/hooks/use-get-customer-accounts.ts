import { useGetCustomerAccessToken } from '@app/auth/hooks';
import { useAccountClient } from '@src/common/contexts';
import { useCallback } from 'react';

/** A function that asks for the accounts which the shopper is a member of. */
export function useGetCustomerAccounts() {
  const getCustomerAccessToken = useGetCustomerAccessToken();
  const accountClient = useAccountClient();
  return useCallback(
    async (signal?: AbortSignal) => {
      const accessToken = await getCustomerAccessToken();
      return accountClient.getCustomersAccounts({ accessToken, ...(signal && { signal }) });
    },
    [getCustomerAccessToken, accountClient],
  );
}
