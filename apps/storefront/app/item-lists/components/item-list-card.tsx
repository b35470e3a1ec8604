import { usePermission } from '@linden/auth-react/permission';
import type { ItemList, ItemListItem } from '@linden/commerce-client';
import { findProduct } from '@src/catalog/products';
import { Text, useText } from '@src/i18n';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useItemListChanges } from '../hooks';
import type { Change } from '../lists-page';
import { AddProduct } from './add-product';
import { DeleteList } from './delete-list';
import { ListedItems } from './listed-items';
import { RenameList } from './rename-list';

/** One of the shopper's lists with all that they may do to it. */
export function ItemListCard({ list, change }: { list: ItemList; change: Change }) {
  const [isRenaming, setIsRenaming] = useState(false);
  const mayUpdate = usePermission('UPDATE_ITEM_LIST');
  const mayDelete = usePermission('DELETE_ITEM_LIST');
  const { removeItem } = useItemListChanges();
  const renameButton = useRef<HTMLButtonElement>(null);
  const text = useText();

  const stopRenaming = () => {
    flushSync(() => setIsRenaming(false));
    renameButton.current?.focus();
  };

  const removeButton = (item: ItemListItem) => {
    const known = findProduct(item.productId);
    const product = known ? text(`product.${known.id}`) : item.name;
    const names = { product, name: list.name };
    return (
      <button
        aria-label={text('lists.removeNamed', names)}
        className="button small quiet"
        onClick={() => change(() => removeItem(list.id, item.id), 'lists.removed', names)}
        type="button"
      >
        <Text id="lists.remove" />
      </button>
    );
  };

  return (
    <li className="card">
      {isRenaming && mayUpdate ? (
        <RenameList change={change} list={list} onDone={stopRenaming} />
      ) : (
        <div className="card-head">
          <h2>{list.name}</h2>
          <div className="card-actions">
            {mayUpdate && (
              <button
                aria-label={text('lists.renameNamed', { name: list.name })}
                className="button small quiet"
                onClick={() => setIsRenaming(true)}
                ref={renameButton}
                type="button"
              >
                <Text id="lists.rename" />
              </button>
            )}
            {mayDelete && <DeleteList change={change} list={list} />}
          </div>
        </div>
      )}
      <ListedItems items={list.items ?? []} {...(mayUpdate && { action: removeButton })} />
      {mayUpdate && <AddProduct change={change} list={list} />}
    </li>
  );
}
