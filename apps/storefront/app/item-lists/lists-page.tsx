import { usePermission } from '@linden/auth-react/permission';
import { CommerceError } from '@linden/commerce-client';
import { Failure, Loading, TextPage } from '@src/common/components';
import { useLoaded } from '@src/common/hooks';
import { Text, type TextId, useText } from '@src/i18n';
import { useEffect, useRef, useState } from 'react';
import { ItemListCard } from './components/item-list-card';
import { NewList } from './components/new-list';
import { useGetItemListsByName } from './hooks';

/** Makes a change, says how it went, and tells whether it worked. */
export type Change = (work: () => Promise<unknown>, done: TextId, values: Record<string, string>) => Promise<boolean>;

/** The shopper's lists: make them, name them, fill them, throw them away. */
export function ListsPage() {
  const { value, error, isLoading, reload } = useLoaded(useGetItemListsByName());
  const [outcome, setOutcome] = useState('');
  const [failure, setFailure] = useState<TextId>();
  const outcomeLine = useRef<HTMLParagraphElement>(null);
  const mayCreate = usePermission('CREATE_ITEM_LIST');
  const text = useText();

  // What was pressed may be gone with the list; the focus then goes to what came of it.
  useEffect(() => {
    if (value && outcome && document.activeElement === document.body) outcomeLine.current?.focus();
  }, [value, outcome]);

  const change: Change = async (work, done, values) => {
    setFailure(undefined);
    setOutcome('');
    try {
      await work();
      setOutcome(text(done, values));
      return true;
    } catch (reason) {
      const isTaken = reason instanceof CommerceError && reason.code === 'name_taken';
      setFailure(isTaken ? 'lists.nameTaken' : 'lists.changeFailed');
      return false;
    } finally {
      reload();
    }
  };

  return (
    <TextPage id="lists.title" lead={<Text id="lists.lead" />}>
      {mayCreate && <NewList change={change} />}
      <p className="outcome" ref={outcomeLine} role="status" tabIndex={-1}>
        {outcome}
      </p>
      {failure && <Failure id={failure} />}
      {error !== undefined && <Failure id="lists.failed" onRetry={reload} />}
      {isLoading && !value && <Loading id="lists.loading" />}
      {value?.content.length === 0 && (
        <p className="empty">
          <Text id="lists.none" />
        </p>
      )}
      <ul className="cards">
        {value?.content.map(list => (
          <ItemListCard change={change} key={list.id} list={list} />
        ))}
      </ul>
    </TextPage>
  );
}
