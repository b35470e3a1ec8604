import { Field } from '@src/common/components';
import { Text, useText } from '@src/i18n';
import { type FormEvent, useState } from 'react';

const LONGEST = 240;
const blank = { to: '', message: '', from: '' };

/** A card to go with a gift: written here, printed by the browser. Nothing of it leaves the page. */
export function GiftNote() {
  const [note, setNote] = useState(blank);
  const text = useText();
  const field = (name: keyof typeof blank) => ({
    name,
    value: note[name],
    onChange: (event: { target: { value: string } }) => setNote({ ...note, [name]: event.target.value }),
  });
  const print = (event: FormEvent) => {
    event.preventDefault();
    window.print();
  };
  return (
    <section aria-labelledby="gift-note" className="gift">
      <div className="gift-form">
        <h2 id="gift-note">
          <Text id="gift.title" />
        </h2>
        <p className="lead">
          <Text id="gift.lead" />
        </p>
        <form onSubmit={print}>
          <Field label={<Text id="gift.to" />}>
            {control => <input {...control} {...field('to')} autoComplete="off" maxLength={60} />}
          </Field>
          <Field
            hint={<Text id="gift.left" values={{ left: LONGEST - note.message.length }} />}
            label={<Text id="gift.message" />}
          >
            {control => <textarea {...control} {...field('message')} maxLength={LONGEST} required rows={4} />}
          </Field>
          <Field label={<Text id="gift.from" />}>
            {control => <input {...control} {...field('from')} autoComplete="off" maxLength={60} />}
          </Field>
          <button className="button" type="submit">
            <Text id="gift.print" />
          </button>
        </form>
      </div>
      <figure aria-label={text('gift.preview')} className="gift-card">
        <p>{note.to || text('gift.toExample')}</p>
        <p className="gift-message">{note.message || text('gift.messageExample')}</p>
        <p>{note.from || text('gift.fromExample')}</p>
      </figure>
    </section>
  );
}
