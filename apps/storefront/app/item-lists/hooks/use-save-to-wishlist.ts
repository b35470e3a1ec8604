import type { Product } from '@src/catalog/products';
import { useNewest } from '@src/common/hooks';
import { useText } from '@src/i18n';
import { useCallback } from 'react';
import { useGetItemListsByName } from './use-get-item-lists-by-name';
import { useItemListChanges } from './use-item-list-changes';

const WISHLIST = 'wishlist';

/** A function that puts a product on the shopper's wishlist, which is made when there is none. */
export function useSaveToWishlist() {
  const getWishlists = useGetItemListsByName(WISHLIST);
  const { create, addProduct } = useItemListChanges();
  const text = useNewest(useText());
  return useCallback(
    async ({ id }: Product) => {
      const { content } = await getWishlists();
      const list = content[0] ?? (await create(WISHLIST));
      const isOnIt = list.items?.some(item => item.productId === id);
      if (!isOnIt) await addProduct(list.id, { productId: id, name: text.current(`product.${id}`) });
    },
    [getWishlists, create, addProduct, text],
  );
}
