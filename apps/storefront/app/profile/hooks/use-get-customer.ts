import { useGetCustomerAccessToken } from '@app/auth/hooks';
import { useAuth } from '@linden/auth-react';
import { useAccountClient } from '@src/common/contexts';
import { useCallback } from 'react';

/** A function that asks for the shop's record of the shopper. */
export function useGetCustomer() {
  const customerId = useAuth().user?.customer_id ?? '';
  const getCustomerAccessToken = useGetCustomerAccessToken();
  const accountClient = useAccountClient();
  return useCallback(
    async (signal?: AbortSignal) => {
      const accessToken = await getCustomerAccessToken();
      return accountClient.getCustomer(customerId, { accessToken, ...(signal && { signal }) });
    },
    [getCustomerAccessToken, accountClient, customerId],
  );
}
