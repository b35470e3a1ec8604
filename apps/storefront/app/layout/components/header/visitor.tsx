import { LoginButton, LogoutButton, RegisterButton } from '@app/auth/components';
import { LOGIN_PATH } from '@app/auth/return-to';
import { useAuth } from '@linden/auth-react';
import { useLocation } from 'react-router';
import { AccountSelectorDropDown } from './account-selector-drop-down';

/** The corner of the header that depends on who is there. Its room is kept while that is being found out. */
export function Visitor() {
  const { isAuthenticated, didAuthenticationCheck } = useAuth();
  const isLoginPage = useLocation().pathname === LOGIN_PATH; // which has these buttons itself
  return (
    <div aria-busy={!didAuthenticationCheck} className="visitor">
      {isAuthenticated ? (
        <>
          <AccountSelectorDropDown />
          <LogoutButton />
        </>
      ) : (
        didAuthenticationCheck &&
        !isLoginPage && (
          <>
            <RegisterButton />
            <LoginButton />
          </>
        )
      )}
    </div>
  );
}
