import { Field } from '@src/common/components';
import { Text } from '@src/i18n';
import { type FormEvent, useState } from 'react';
import { useItemListChanges } from '../hooks';
import type { Change } from '../lists-page';

export function NewList({ change }: { change: Change }) {
  const { create } = useItemListChanges();
  const [name, setName] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted && (await change(() => create(wanted), 'lists.created', { name: wanted }))) setName('');
  };
  return (
    <form className="in-line" onSubmit={submit}>
      <Field label={<Text id="lists.newName" />}>
        {control => (
          <input
            {...control}
            autoComplete="off"
            maxLength={100}
            onChange={event => setName(event.target.value)}
            required
            value={name}
          />
        )}
      </Field>
      <button className="button" type="submit">
        <Text id="lists.create" />
      </button>
    </form>
  );
}
