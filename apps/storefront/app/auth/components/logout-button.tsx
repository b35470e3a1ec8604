import { useAuth } from '@linden/auth-react';
import { Text } from '@src/i18n';
import { selectedAccount } from '../contexts/selected-account';

export const LogoutButton = () => {
  const { logoutWithRedirect } = useAuth();
  const logOut = () => {
    selectedAccount.keep(undefined); // the next one at this browser may be somebody else
    logoutWithRedirect();
  };
  return (
    <button className="button quiet" onClick={logOut} type="button">
      <Text id="auth.logOut" />
    </button>
  );
};
