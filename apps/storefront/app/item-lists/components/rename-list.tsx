import type { ItemList } from '@linden/commerce-client';
import { Text, useText } from '@src/i18n';
import { type FormEvent, useState } from 'react';
import { useItemListChanges } from '../hooks';
import type { Change } from '../lists-page';

interface RenameListProps {
  list: ItemList;
  change: Change;
  onDone: () => void;
}

export function RenameList({ list, change, onDone }: RenameListProps) {
  const { rename } = useItemListChanges();
  const [name, setName] = useState(list.name);
  const text = useText();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted && (await change(() => rename(list.id, wanted), 'lists.renamed', { name: wanted }))) onDone();
  };
  return (
    <form className="card-head" onKeyDown={event => event.key === 'Escape' && onDone()} onSubmit={submit}>
      <input
        aria-label={text('lists.renameField', { name: list.name })}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: the field takes the place of the button that was just pressed.
        autoFocus
        maxLength={100}
        onChange={event => setName(event.target.value)}
        required
        value={name}
      />
      <button className="button small" type="submit">
        <Text id="lists.saveName" />
      </button>
    </form>
  );
}
