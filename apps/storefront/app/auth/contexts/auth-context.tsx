import { AuthProvider } from '@linden/auth-react';
import { useSettings } from '@src/settings';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { AuthSessionManager } from '../components/auth-session-manager';
import { ForeignAccount } from '../components/foreign-account';
import { ownPath } from '../return-to';
import { selectedAccount } from './selected-account';

interface ProviderWrapperProps {
  /** The account to act for, if any. */
  accountId: string | undefined;
  /** Where the authorization server lies, e.g. `/auth`. */
  baseUrl: string;
  /** Where sign-in comes back to, e.g. the shop's home page. */
  redirectUri: URL;
  /** The page inside the hidden iframe of the silent sign-in. */
  silentRedirectUri: URL;
  clientId: string;
  credentials: boolean;
  router: { replace: (address: string) => void };
  userScope: string;
  usePkce: boolean;
  useRefreshTokens: boolean;
  useRefreshTokensWithLocalStorage: boolean;
  useRefreshTokensWithSessionStorage: boolean;
  fetchUserOperationsWithAccessToken: boolean;
  children: ReactNode;
}

const ProviderWrapper = ({ baseUrl, router, userScope, children, ...options }: ProviderWrapperProps) => (
  <AuthProvider
    key={options.clientId}
    accountId={options.accountId}
    baseURL={baseUrl}
    redirectUri={options.redirectUri.href}
    silentRedirectUri={options.silentRedirectUri.href}
    clientId={options.clientId}
    credentials={options.credentials}
    onRedirectCallback={appState => router.replace(ownPath(appState?.returnTo))}
    scope={userScope}
    usePkce={options.usePkce}
    useRefreshTokens={options.useRefreshTokens}
    // Without storage a reload loses the refresh token, and the iframe is what is left.
    useIFrameAsFallbackForRefreshToken={
      !options.useRefreshTokensWithLocalStorage && !options.useRefreshTokensWithSessionStorage
    }
    useLocalStorageForTokenCache={options.useRefreshTokensWithLocalStorage}
    useSessionStorageForTokenCache={options.useRefreshTokensWithSessionStorage}
    fetchUserOperationsWithAccessToken={options.fetchUserOperationsWithAccessToken}
  >
    <AuthSessionManager>{children}</AuthSessionManager>
  </AuthProvider>
);

interface SelectedAccount {
  accountId: string | undefined;
  /** Keeps the choice for the next visit and the other tabs. */
  keepAccount: (accountId: string | undefined) => void;
}

const SelectedAccountContext = createContext<SelectedAccount>({ accountId: undefined, keepAccount: () => {} });

export const useSelectedAccount = () => useContext(SelectedAccountContext);

/** Signs the shop's visitors in, in the name of the account that they selected. */
export function ApplicationAuthProvider({ children }: { children: ReactNode }) {
  const settings = useSettings();
  const navigate = useNavigate();
  const [accountId, setAccountId] = useState(selectedAccount.read);
  useEffect(() => selectedAccount.subscribe(() => setAccountId(selectedAccount.read())), []);
  const keepAccount = useCallback((id: string | undefined) => {
    selectedAccount.keep(id);
    setAccountId(id);
  }, []);
  const selection = useMemo(() => ({ accountId, keepAccount }), [accountId, keepAccount]);
  return (
    <SelectedAccountContext value={selection}>
      <ProviderWrapper
        accountId={accountId}
        baseUrl={settings.authBaseUrl}
        redirectUri={new URL(settings.redirectUri || '/', window.location.origin)}
        silentRedirectUri={new URL(settings.silentRedirectUri || '/silent-callback.html', window.location.origin)}
        clientId={settings.clientId}
        credentials={settings.credentials}
        router={{ replace: address => navigate(address, { replace: true }) }}
        userScope={settings.userScope}
        usePkce={settings.usePkce}
        useRefreshTokens={settings.useRefreshTokens}
        useRefreshTokensWithLocalStorage={settings.useRefreshTokensWithLocalStorage}
        useRefreshTokensWithSessionStorage={settings.useRefreshTokensWithSessionStorage}
        fetchUserOperationsWithAccessToken={settings.fetchUserOperationsWithAccessToken}
      >
        <ForeignAccount />
        {children}
      </ProviderWrapper>
    </SelectedAccountContext>
  );
}
