import { useGetCustomerAccessToken } from '@app/auth/hooks';
import type { Customer, CustomerChange } from '@linden/commerce-client';
import { useAccountClient } from '@src/common/contexts';
import { useCallback } from 'react';

/** A function that changes a record, unless there is a newer one than it was made for. */
export function useUpdateCustomer() {
  const getCustomerAccessToken = useGetCustomerAccessToken();
  const accountClient = useAccountClient();
  return useCallback(
    async ({ id, version }: Customer, change: CustomerChange) =>
      accountClient.updateCustomer(id, change, { accessToken: await getCustomerAccessToken(), version }),
    [getCustomerAccessToken, accountClient],
  );
}
