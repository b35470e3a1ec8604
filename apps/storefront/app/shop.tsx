import { ClientsProvider } from '@src/common/contexts';
import { CsrProvider } from '@src/csr/context';
import { type Settings, SettingsProvider } from '@src/settings';
import { PersonBoundary } from './auth/components';
import { ApplicationAuthProvider } from './auth/contexts';
import { ShopRoutes } from './shop-routes';

/** Everything that the pages rely on, outermost first: settings, who is signed in, for whom, and the services. */
export const Shop = ({ settings }: { settings: Settings }) => (
  <SettingsProvider settings={settings}>
    <ApplicationAuthProvider>
      <PersonBoundary>
        <CsrProvider>
          <ClientsProvider>
            <ShopRoutes />
          </ClientsProvider>
        </CsrProvider>
      </PersonBoundary>
    </ApplicationAuthProvider>
  </SettingsProvider>
);
