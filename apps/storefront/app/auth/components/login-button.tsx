import { Text } from '@src/i18n';
import { useLogin } from '../hooks';

export const LoginButton = () => {
  const login = useLogin();
  return (
    <button className="button" onClick={() => login()} type="button">
      <Text id="auth.logIn" />
    </button>
  );
};
