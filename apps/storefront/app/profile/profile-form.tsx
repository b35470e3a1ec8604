import { CommerceError, type Customer } from '@linden/commerce-client';
import { Failure, Field } from '@src/common/components';
import { Text, type TextId, useText } from '@src/i18n';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useUpdateCustomer } from './hooks';
import { changeOf, PROFILE_FIELDS, wrongFields } from './profile-fields';

interface ProfileFormProps {
  customer: Customer;
  /** Without it, it is to be read only. */
  mayUpdate: boolean;
  /** The record is another one by now. */
  onConflict: () => void;
}

/** The shopper's own record. What is wrong is said at its field, and the first such field gets the focus. */
export function ProfileForm({ customer, mayUpdate, onConflict }: ProfileFormProps) {
  const updateCustomer = useUpdateCustomer();
  const [known, setKnown] = useState(customer);
  const [wrong, setWrong] = useState<ReturnType<typeof wrongFields>>({});
  const [failure, setFailure] = useState<TextId>();
  const [isSaved, setIsSaved] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const text = useText();

  useEffect(() => {
    if (Object.keys(wrong).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [wrong]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const change = changeOf(known, new FormData(event.currentTarget));
    setWrong({});
    setFailure(undefined);
    setIsSaved(false);
    try {
      setKnown(await updateCustomer(known, change));
      setIsSaved(true);
    } catch (error) {
      if (!(error instanceof CommerceError)) return setFailure('profile.notSaved');
      if (error.code === 'version_conflict') return onConflict();
      const found = wrongFields(error.errors);
      setWrong(found);
      setFailure(Object.keys(found).length > 0 ? 'profile.wrong' : 'profile.notSaved');
    }
  };

  return (
    <form className="profile" onSubmit={submit} ref={form}>
      {failure && <Failure id={failure} />}
      {PROFILE_FIELDS.map(({ name, type, autoComplete, longest, label, hint }) => {
        const mistake = wrong[name];
        return (
          <Field
            error={mistake && text(mistake)}
            hint={hint && <Text id={hint} values={{ email: known.email }} />}
            key={name}
            label={<Text id={label} />}
          >
            {control => (
              <input
                {...control}
                autoComplete={autoComplete}
                defaultValue={customer[name] ?? ''}
                maxLength={longest}
                name={name}
                readOnly={!mayUpdate}
                required={name === 'fullName'}
                type={type}
              />
            )}
          </Field>
        );
      })}
      {mayUpdate && (
        <button className="button" type="submit">
          <Text id="profile.save" />
        </button>
      )}
      <p className="outcome" role="status">
        {isSaved && <Text id="profile.saved" />}
      </p>
    </form>
  );
}
