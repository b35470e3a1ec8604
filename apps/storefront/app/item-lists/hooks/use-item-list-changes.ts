import { useGetCustomerAccessToken } from '@app/auth/hooks';
import { useItemListClient } from '@src/common/contexts';
import { useMemo } from 'react';

/** The list keeps the name too, for the day when the shop no longer carries the product. */
interface ListedProduct {
  productId: string;
  name: string;
}

/** What shoppers do with their lists. Each call is made in the shopper's name, and rejects when it did not work. */
export function useItemListChanges() {
  const getCustomerAccessToken = useGetCustomerAccessToken();
  const lists = useItemListClient();
  return useMemo(() => {
    const inCustomersName = async () => ({ accessToken: await getCustomerAccessToken() });
    return {
      create: async (name: string) => lists.createItemList({ name }, await inCustomersName()),
      rename: async (listId: string, name: string) => lists.updateItemList(listId, { name }, await inCustomersName()),
      remove: async (listId: string) => lists.deleteItemList(listId, await inCustomersName()),
      addProduct: async (listId: string, product: ListedProduct) =>
        lists.addItem(listId, product, await inCustomersName()),
      removeItem: async (listId: string, itemId: string) => lists.removeItem(listId, itemId, await inCustomersName()),
    };
  }, [getCustomerAccessToken, lists]);
}
