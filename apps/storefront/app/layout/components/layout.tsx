import { useAuth } from '@linden/auth-react';
import { hasRedirectAnswer } from '@linden/auth-web';
import { Loading } from '@src/common/components';
import { CsrBanner } from '@src/csr/banner';
import { Text } from '@src/i18n';
import { useState } from 'react';
import { Outlet } from 'react-router';
import { useFocusOnNewPage } from '../use-focus-on-new-page';
import { Footer } from './footer';
import { Header } from './header/header';
import { SignInFailure } from './sign-in-failure';

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
  const [isComingBack] = useState(() => hasRedirectAnswer(window.location.search)); // the address is cleaned soon
  if (!didAuthenticationCheck && isComingBack) return <Loading id="auth.returning" />;
  return <Outlet />;
}
