'use client';
export type { AuthContextValue, AuthMethods, AuthSnapshot } from './auth-context.js';
export { AuthProvider, type AuthProviderProps } from './auth-provider.js';
export { RequireAuth, type RequireAuthProps } from './require-auth.js';
export { useAccessToken } from './use-access-token.js';
export { useAuth } from './use-auth.js';
export { withAuth } from './with-auth.js';
