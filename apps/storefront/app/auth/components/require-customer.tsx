import { useAuth } from '@linden/auth-react';
import { Loading } from '@src/common/components';
import { Navigate, Outlet, useLocation } from 'react-router';
import { addressOf, LOGIN_PATH } from '../return-to';

/** Around pages for signed-in people: guests are sent to the login page, which brings them back. */
export function RequireCustomer() {
  const { isAuthenticated, didAuthenticationCheck } = useAuth();
  const location = useLocation();
  if (!didAuthenticationCheck) return <Loading id="auth.checking" />;
  if (!isAuthenticated) return <Navigate replace state={{ from: addressOf(location) }} to={LOGIN_PATH} />;
  return <Outlet />;
}
