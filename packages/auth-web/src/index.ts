export { AuthClient } from './auth-client.js';
export type { LoginCredentials } from './embedded-login/embedded-login.js';
export type { Registration, User } from './embedded-login/embedded-registration.js';
export type { EndpointPath } from './endpoints.js';
export { AuthError, type AuthErrorCode, type FieldError, isAuthError } from './errors.js';
export type { AuthEvent, AuthListener } from './events.js';
export type { LogoutRedirectOptions } from './logout/logout.js';
export type {
  ChangePasswordRedirectOptions,
  RegisterRedirectOptions,
  RememberMeRedirectOptions,
} from './navigation/hosted-page.js';
export { REDIRECT_TO_LOGIN } from './navigation/redirect-to-login.js';
export type { AuthClientOptions } from './options.js';
export type { AuthAppState } from './redirect-login/app-state.js';
export type { LoginRedirectOptions } from './redirect-login/login-with-redirect.js';
export { hasRedirectAnswer, type RedirectCallbackResult } from './redirect-login/redirect-callback.js';
export type { GetAccessTokenOptions } from './renewal/renewal.js';
export type { SessionExpiry } from './session-expiry/session-expiry.js';
export type {
  CachedAccessToken,
  CachedSession,
  TokenCache,
  TokenCacheEntry,
  WebStorage,
} from './token-cache/token-cache.js';
export { WebStorageTokenCache } from './token-cache/web-storage-token-cache.js';
export type { IdentityClaims } from './token-response/identity-claims.js';
export type { UserOperations } from './user-operations/user-operations.js';
