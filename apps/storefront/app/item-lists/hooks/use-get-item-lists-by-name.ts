import { useGetCustomerAccessToken } from '@app/auth/hooks';
import type { ClientOptions, PageOptions } from '@linden/commerce-client';
import { useItemListClient } from '@src/common/contexts';
import { useNewest } from '@src/common/hooks';
import { useCallback } from 'react';
import { ALL_LISTS } from '../all-lists';

/** A function that asks for the shopper's lists of a name; without a name, for all of them. */
export function useGetItemListsByName(itemListName?: string, options: ClientOptions & PageOptions = ALL_LISTS) {
  const getCustomerAccessToken = useGetCustomerAccessToken();
  const itemListClient = useItemListClient();
  const newest = useNewest(options);
  return useCallback(
    async (signal?: AbortSignal) => {
      const accessToken = await getCustomerAccessToken();
      const filter = itemListName && `name==${quoted(itemListName)}`;
      return itemListClient.listItemLists(filter, { ...newest.current, accessToken, ...(signal && { signal }) });
    },
    [getCustomerAccessToken, itemListClient, itemListName, newest],
  );
}

/** RSQL takes a value of letters and digits as it is; all others stand in quotes. */
const quoted = (value: string) => (/^\w+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`);
