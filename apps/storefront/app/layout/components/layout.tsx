import { useAuth } from '@linden/auth-react';
import { Failure, Loading } from '@src/common/components';
import { CsrBanner } from '@src/csr/banner';
import { Text } from '@src/i18n';
import { Outlet } from 'react-router';
import { useFocusOnNewPage } from '../use-focus-on-new-page';
import { Footer } from './footer';
import { Header } from './header/header';

/** What surrounds each page. */
export function Layout() {
  const main = useFocusOnNewPage();
  return (
    <>
      <a className="skip-link" href="#content">
        <Text id="layout.skip" />
      </a>
      <CsrBanner />
      <Header />
      <main className="content" id="content" ref={main} tabIndex={-1}>
        <SignInFailure />
        <PageOrProgress />
      </main>
      <Footer />
    </>
  );
}

/** Coming back from a sign-in, the page to show is known only when the answer has been redeemed. */
function PageOrProgress() {
  const { didAuthenticationCheck } = useAuth();
  if (!didAuthenticationCheck && isSignInAnswer()) return <Loading id="auth.returning" />;
  return <Outlet />;
}

function isSignInAnswer(): boolean {
  const query = new URLSearchParams(window.location.search);
  return query.has('state') && (query.has('code') || query.has('error'));
}

/** A guest who could not be recognised is told so: they may be signed in, and the server out of reach. */
function SignInFailure() {
  const { error, isAuthenticated, checkSession } = useAuth();
  if (!error || isAuthenticated) return null;
  return <Failure id="auth.failed" onRetry={() => checkSession().catch(() => {})} />;
}
