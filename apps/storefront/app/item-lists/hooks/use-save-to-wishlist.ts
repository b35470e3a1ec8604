import { useCallback } from 'react';
import { useGetItemListsByName } from './use-get-item-lists-by-name';
import { useItemListChanges } from './use-item-list-changes';

const WISHLIST = 'wishlist';

/** A function that puts a product on the shopper's wishlist, which is made when there is none. */
export function useSaveToWishlist() {
  const getWishlists = useGetItemListsByName(WISHLIST);
  const { create, addProduct } = useItemListChanges();
  return useCallback(
    async (productId: string) => {
      const { content } = await getWishlists();
      const list = content[0] ?? (await create(WISHLIST));
      const isOnIt = list.items?.some(item => item.productId === productId);
      if (!isOnIt) await addProduct(list.id, productId);
    },
    [getWishlists, create, addProduct],
  );
}
