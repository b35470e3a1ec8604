import type { ItemList } from '@linden/commerce-client';
import { Dialog } from '@src/common/components';
import { Text, useText } from '@src/i18n';
import { useState } from 'react';
import { useItemListChanges } from '../hooks';
import type { Change } from '../lists-page';

/** Asks before the list is gone for good. */
export function DeleteList({ list, change }: { list: ItemList; change: Change }) {
  const { remove } = useItemListChanges();
  const [isAsking, setIsAsking] = useState(false);
  const text = useText();
  const { name } = list;
  const agree = async () => {
    setIsAsking(false);
    await change(() => remove(list.id), 'lists.deleted', { name });
  };
  return (
    <>
      <button
        aria-label={text('lists.deleteNamed', { name })}
        className="button small quiet"
        onClick={() => setIsAsking(true)}
        type="button"
      >
        <Text id="lists.delete" />
      </button>
      <Dialog isOpen={isAsking} onClose={() => setIsAsking(false)} title="lists.deleteTitle">
        <p>
          <Text id="lists.deleteQuestion" values={{ name }} />
        </p>
        <div className="actions">
          <button className="button" onClick={() => setIsAsking(false)} type="button">
            <Text id="lists.keep" />
          </button>
          <button className="button danger" onClick={agree} type="button">
            <Text id="lists.delete" />
          </button>
        </div>
      </Dialog>
    </>
  );
}
