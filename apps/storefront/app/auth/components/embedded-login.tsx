import { useAuth } from '@linden/auth-react';
import { isAuthError } from '@linden/auth-web';
import { Failure, Field } from '@src/common/components';
import { Text, type TextId } from '@src/i18n';
import { type FormEvent, useState } from 'react';

/**
 * A sign-in form of the shop's own, which trades a one-time passcode for the token. The hosted form is the safer way:
 * there, no script of the shop ever sees a password.
 */
export function EmbeddedLogin() {
  const { loginWithCredentials } = useAuth();
  const [failure, setFailure] = useState<TextId>();

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setFailure(undefined);
    await loginWithCredentials({
      username: String(form.get('username')),
      password: String(form.get('password')),
    }).catch(error => setFailure(isAuthError(error) && error.status === 401 ? 'login.failed' : 'failure.other'));
  };

  return (
    <form onSubmit={submit}>
      {failure && <Failure id={failure} />}
      <Field label={<Text id="login.username" />}>
        {control => (
          <input
            {...control}
            autoCapitalize="none"
            autoComplete="username"
            name="username"
            required
            spellCheck={false}
          />
        )}
      </Field>
      <Field label={<Text id="login.password" />}>
        {control => <input {...control} autoComplete="current-password" name="password" required type="password" />}
      </Field>
      <button className="button" type="submit">
        <Text id="auth.logIn" />
      </button>
    </form>
  );
}
