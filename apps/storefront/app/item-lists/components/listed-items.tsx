import type { ItemListItem } from '@linden/commerce-client';
import { findProduct } from '@src/catalog/products';
import { Text } from '@src/i18n';
import type { ReactNode } from 'react';

interface ListedItemsProps {
  items: readonly ItemListItem[];
  /** What can be done with an item, e.g. a button to remove it. */
  action?: (item: ItemListItem) => ReactNode;
}

/** The products of a list. */
export function ListedItems({ items, action }: ListedItemsProps) {
  if (items.length === 0)
    return (
      <p className="quiet-text">
        <Text id="lists.empty" />
      </p>
    );
  return (
    <ul className="listed-items">
      {items.map(item => {
        const product = findProduct(item.productId);
        const name = product ? <Text id={`product.${product.id}`} /> : item.name;
        return (
          <li key={item.id}>
            {product ? (
              <img alt="" className="picture" height="48" loading="lazy" src={product.picture} width="48" />
            ) : (
              <span className="picture" />
            )}
            <span className="name">{name}</span>
            {action?.(item)}
          </li>
        );
      })}
    </ul>
  );
}
