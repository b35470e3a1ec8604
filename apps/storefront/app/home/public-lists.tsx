import { ALL_LISTS } from '@app/item-lists/all-lists';
import { ListedItems } from '@app/item-lists/components/listed-items';
import { Failure, Loading } from '@src/common/components';
import { useItemListClient } from '@src/common/contexts';
import { useLoaded } from '@src/common/hooks';
import { Text } from '@src/i18n';
import { useCallback } from 'react';

/** Lists that everybody may see. They are asked for without a token, as a guest does: the gateway adds its own. */
export function PublicLists() {
  const itemListClient = useItemListClient();
  const load = useCallback(
    (signal: AbortSignal) => itemListClient.listItemLists(undefined, { ...ALL_LISTS, signal }),
    [itemListClient],
  );
  const { value, error, isLoading, reload } = useLoaded(load);
  return (
    <section aria-labelledby="public-lists" className="public-lists">
      <h2 id="public-lists">
        <Text id="publicLists.title" />
      </h2>
      <p className="lead">
        <Text id="publicLists.lead" />
      </p>
      {error !== undefined && <Failure id="publicLists.failed" onRetry={reload} />}
      {isLoading && !value && <Loading id="publicLists.loading" />}
      {value?.content.length === 0 && (
        <p className="empty">
          <Text id="publicLists.none" />
        </p>
      )}
      <ul className="cards">
        {value?.content.map(list => (
          <li className="card" key={list.id}>
            <h3>{list.name}</h3>
            <ListedItems items={list.items ?? []} />
          </li>
        ))}
      </ul>
    </section>
  );
}
