import { LoginButton, RegisterButton } from '@app/auth/components';
import { EmbeddedLogin } from '@app/auth/components/embedded-login';
import { ownPath, returnToOf } from '@app/auth/return-to';
import { useAuth } from '@linden/auth-react';
import { Loading, TextPage } from '@src/common/components';
import { Text } from '@src/i18n';
import { useSettings } from '@src/settings';
import { Navigate, useLocation } from 'react-router';

/** Where the guard sends guests. Who is signed in already goes on to where they came from. */
export function LoginPage() {
  const { isAuthenticated, didAuthenticationCheck } = useAuth();
  const { features } = useSettings();
  const returnTo = ownPath(returnToOf(useLocation()));
  if (!didAuthenticationCheck) return <Loading id="auth.checking" />;
  if (isAuthenticated) return <Navigate replace to={returnTo} />;
  return (
    <TextPage
      className="narrow"
      id="login.title"
      lead={<Text id={returnTo === '/' ? 'login.lead' : 'login.leadGuarded'} />}
    >
      {features.embeddedLogin ? <EmbeddedLogin /> : <LoginButton />}
      <RegisterButton />
    </TextPage>
  );
}
