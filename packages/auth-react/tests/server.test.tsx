// @vitest-environment node
import { renderToString } from 'react-dom/server';
import { expect, it } from 'vitest';
import { AuthProvider, RequireAuth, useAuth } from '../src/index.js';

function Probe() {
  const { isLoading, isAuthenticated, clientId } = useAuth();
  return <p>{`${clientId} ${isLoading} ${isAuthenticated}`}</p>;
}

it('renders on a server as not known yet, whatever the options', () => {
  const page = (
    <AuthProvider baseURL="/auth" clientId="shop" useLocalStorageForTokenCache useRefreshTokens>
      <Probe />
      <RequireAuth fallback="wait">secret</RequireAuth>
    </AuthProvider>
  );
  expect(typeof document).toBe('undefined');
  expect(renderToString(page)).toBe('<p>shop true false</p>wait');
});
