/** What a page can do without until somebody asks for it. Loaded together, apart from sign-in, renewal and sign-out. */
export { switchAccount } from './account/switch-account.js';
export { authorizedFetch } from './authorized-fetch/authorized-fetch.js';
export { loginWithCredentials } from './embedded-login/embedded-login.js';
export { registerWithCredentials } from './embedded-login/embedded-registration.js';
export { goToHostedPage } from './navigation/hosted-page.js';
export { serverSession } from './session-expiry/server-session.js';
export { navigatingLogin } from './silent-login/navigating-login.js';
export { userInfo } from './user-info/user-info.js';
export { findUserOperationsByScope } from './user-operations/user-operations.js';
