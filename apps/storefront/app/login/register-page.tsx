import { EmbeddedRegister } from '@app/auth/components/embedded-register';
import { NotFoundPage } from '@app/layout/not-found-page';
import { useAuth } from '@linden/auth-react';
import { TextPage } from '@src/common/components';
import { useSettings } from '@src/settings';
import { Navigate } from 'react-router';

/** A form of the shop's own, where the server takes it. */
export function RegisterPage() {
  const { isAuthenticated } = useAuth();
  const { features } = useSettings();
  if (!features.register || !features.embeddedLogin) return <NotFoundPage />;
  if (isAuthenticated) return <Navigate replace to="/" />;
  return (
    <TextPage className="narrow" id="register.title">
      <EmbeddedRegister />
    </TextPage>
  );
}
