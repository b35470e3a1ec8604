import { AuthProvider, type AuthProviderProps, useAuth } from '@linden/auth-react';
import { StrictMode } from 'react';

function Visitor() {
  const { isLoading, isAuthenticating, isAuthenticated, user, error, loginWithRedirect, logoutWithRedirect } =
    useAuth();
  const greeting = isAuthenticated ? `Hello ${user?.fullName}` : 'Hello guest';
  return (
    <main>
      <p>{isLoading ? 'loading' : isAuthenticating ? 'signing in' : error ? `failed: ${error.message}` : greeting}</p>
      <button
        onClick={() => loginWithRedirect({ appState: { returnTo: location.href.slice(location.origin.length) } })}
        type="button"
      >
        Log In
      </button>
      <button onClick={() => logoutWithRedirect()} type="button">
        Log Out
      </button>
    </main>
  );
}

/** The smallest app with a sign-in, drawn alike by a server and by the browser. */
export const App = (options: AuthProviderProps) => (
  <StrictMode>
    <AuthProvider {...options}>
      <Visitor />
    </AuthProvider>
  </StrictMode>
);
