import { useAuth } from '@linden/auth-react';
import { type FieldError, isAuthError } from '@linden/auth-web';
import { Failure, Field } from '@src/common/components';
import { Text } from '@src/i18n';
import { type FormEvent, useState } from 'react';

const FIELDS = [
  { name: 'fullName', type: 'text', autoComplete: 'name', isRequired: true },
  { name: 'email', type: 'email', autoComplete: 'email', isRequired: true },
  { name: 'username', type: 'text', autoComplete: 'username', isRequired: false },
  { name: 'password', type: 'password', autoComplete: 'new-password', isRequired: true },
  { name: 'passwordConfirmation', type: 'password', autoComplete: 'new-password', isRequired: true },
] as const;

/** A registration form of the shop's own. Whom the server registers it may also sign in. */
export function EmbeddedRegister() {
  const { registerWithCredentials, checkSession } = useAuth();
  const [errors, setErrors] = useState<readonly FieldError[]>([]);
  const [hasFailed, setHasFailed] = useState(false);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const value = (name: string) => String(form.get(name) ?? '').trim();
    setErrors([]);
    setHasFailed(false);
    try {
      await registerWithCredentials({
        userType: 'CUSTOMER',
        fullName: value('fullName'),
        email: value('email'),
        username: value('username') || value('email'),
        password: String(form.get('password')),
        passwordConfirmation: String(form.get('passwordConfirmation')),
      });
      await checkSession();
    } catch (error) {
      setErrors(isAuthError(error) ? error.errors : []);
      setHasFailed(true);
    }
  };

  return (
    <form onSubmit={submit}>
      {hasFailed && <Failure id={errors.length > 0 ? 'register.wrong' : 'register.failed'} />}
      {FIELDS.map(({ name, type, autoComplete, isRequired }) => (
        <Field
          error={errors.find(({ field }) => field === name)?.message}
          key={name}
          label={<Text id={`register.${name}`} />}
        >
          {control => <input {...control} autoComplete={autoComplete} name={name} required={isRequired} type={type} />}
        </Field>
      ))}
      <button className="button" type="submit">
        <Text id="auth.register" />
      </button>
    </form>
  );
}
