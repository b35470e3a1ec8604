import type { Core } from './core.js';
import type { LoginCredentials } from './embedded-login/embedded-login.js';
import type { Registration, User } from './embedded-login/embedded-registration.js';
import type { EndpointPath } from './endpoints.js';
import { isAuthError } from './errors.js';
import { type AuthListener, clientEvents } from './events.js';
import { type LogoutRedirectOptions, logoutWithRedirect } from './logout/logout.js';
import type {
  ChangePasswordRedirectOptions,
  HostedPageOptions,
  RegisterRedirectOptions,
  RememberMeRedirectOptions,
} from './navigation/hosted-page.js';
import { type AuthClientOptions, clientName, settle } from './options.js';
import { hasPage, requirePage } from './page.js';
import { part } from './part.js';
import { type LoginRedirectOptions, loginWithRedirect } from './redirect-login/login-with-redirect.js';
import { type RedirectCallbackResult, redirectCallback } from './redirect-login/redirect-callback.js';
import { peersOf } from './renewal/peers.js';
import { receive } from './renewal/receive.js';
import { type GetAccessTokenOptions, renewal } from './renewal/renewal.js';
import { turns } from './renewal/turn.js';
import type { SessionExpiry } from './session-expiry/session-expiry.js';
import { cacheKey, tokenRequest } from './token-cache/token-request.js';
import { tokenStore } from './token-cache/token-store.js';
import { WebStorageTokenCache } from './token-cache/web-storage-token-cache.js';
import type { IdentityClaims } from './token-response/identity-claims.js';
import type { UserOperations } from './user-operations/user-operations.js';

/** Loads what is not needed for signing in, staying in and signing out. */
const onFirstUse = () => part(import('./on-first-use.js'));

/**
 * Signs people in and keeps them signed in. Constructing one touches neither network nor page, so it may happen in Node; calls that
 * need a page reject there with `browser_required`. Every rejection is an `AuthError`.
 */
export class AuthClient {
  readonly #core: Core;
  /** The cached token, or a renewed one when less than 30 s are left. */
  readonly getAccessToken: (options?: GetAccessTokenOptions) => Promise<string>;

  constructor(options: AuthClientOptions) {
    const settings = settle(options);
    const name = () => `linden|${clientName(settings)}`;
    const core: Core = {
      settings,
      accountId: options.accountId,
      ended: '',
      store: tokenStore(settings.tokenCache, name),
      peers: peersOf(name, message => receive(core, message)),
      events: clientEvents(),
      lookAround: () => Promise.all([core.peers.ask(), core.store.load(true)]),
      inTurn: turns(name),
    };
    this.#core = core;
    this.getAccessToken = renewal(core);
    if (options.baseUrl || settings.enableDebug || settings.tokenCache instanceof WebStorageTokenCache)
      import('./development.js').then(({ advise }) => advise(options, core.events)).catch(() => {});
  }

  /** Goes to the sign-in page. */
  loginWithRedirect(options?: LoginRedirectOptions): Promise<void> {
    return loginWithRedirect(this.#core, options);
  }

  /**
   * Takes up the answer in the page's address and gives back the app state of the sign-in. An address without an answer to a sign-in of
   * this client is a session check.
   */
  async handleRedirectCallback(address?: string): Promise<RedirectCallbackResult> {
    this.#listen();
    const result = await redirectCallback(this.#core, address);
    // No answer to us, or one that another client of this page has redeemed.
    if (!result || !this.isAuthenticated()) await this.checkSession();
    return result ?? {};
  }

  /** Finds out whether somebody is signed in, from the cache or by a silent sign-in. `login_required` is an answer, not an error. */
  async checkSession(options?: GetAccessTokenOptions): Promise<void> {
    this.#listen();
    try {
      await this.getAccessToken(options);
    } catch (error) {
      if (!isAuthError(error, 'login_required')) throw error;
      if (this.#core.settings.useTopLevelSilentLogin) await (await onFirstUse()).navigatingLogin(this.#core);
    } finally {
      this.#core.events.update(this.#core.store);
    }
  }

  isAuthenticated(): boolean {
    return !!this.#core.store.session();
  }

  getIdentityClaims(): IdentityClaims | undefined {
    const core = this.#core;
    return (core.store.token(cacheKey(tokenRequest(core))) ?? core.store.session())?.claims;
  }

  getSessionExpiry(): SessionExpiry | undefined {
    return this.#core.store.session()?.expiry;
  }

  get session(): SessionExpiry | undefined {
    return this.getSessionExpiry();
  }

  /** The session as the server sees it; asking prolongs nothing. `undefined` when it is over. */
  async getSession(): Promise<SessionExpiry | undefined> {
    return (await onFirstUse()).serverSession(this.#core);
  }

  /** Tells what happens to the session, in whatever tab. Returns the way to stop. */
  subscribe(listener: AuthListener): () => void {
    if (hasPage()) this.#listen();
    return this.#core.events.subscribe(listener);
  }

  /** Gets a token for another account, without a sign-in and without a reload; `null` for none. */
  async switchAccount(accountId: string | null = null): Promise<void> {
    return (await onFirstUse()).switchAccount(this.#core, accountId, this.getAccessToken);
  }

  /** Sends the token to the page's own origin and `apiOrigins`; others reject with `origin_not_allowed`. */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    return (await onFirstUse()).authorizedFetch(this.#core, this.getAccessToken, input, init);
  }

  /** Signs out at the server and in every tab, then comes back. */
  logoutWithRedirect(options?: LogoutRedirectOptions): Promise<void> {
    return logoutWithRedirect(this.#core, options);
  }

  /** The same as `logoutWithRedirect`. */
  logout(options?: LogoutRedirectOptions): Promise<void> {
    return this.logoutWithRedirect(options);
  }

  registerWithRedirect(options?: RegisterRedirectOptions): Promise<void> {
    return this.#goTo('/register', options);
  }

  changePasswordWithRedirect(options?: ChangePasswordRedirectOptions): Promise<void> {
    return this.#goTo('/password/change', options);
  }

  /** Opens a new session from the remember-me cookie. */
  redirectToRememberMe(options?: RememberMeRedirectOptions): Promise<void> {
    return this.#goTo('/remember-me-continuation', options);
  }

  /** The same as `redirectToRememberMe`. */
  redirectToRememberMeUrl(options?: RememberMeRedirectOptions): Promise<void> {
    return this.redirectToRememberMe(options);
  }

  async registerWithCredentials(registration: Registration): Promise<User> {
    return (await onFirstUse()).registerWithCredentials(this.#core, registration);
  }

  async loginWithCredentials(credentials: LoginCredentials): Promise<void> {
    return (await onFirstUse()).loginWithCredentials(this.#core, credentials);
  }

  async getUserInfo(): Promise<User> {
    return (await onFirstUse()).userInfo(this.#core, this.getAccessToken);
  }

  /** What the user may do in these scopes, or in the client's own: for what a page shows. */
  async findUserOperationsByScope(scopes?: string | readonly string[]): Promise<UserOperations> {
    return (await onFirstUse()).findUserOperationsByScope(this.#core, scopes, this.getAccessToken);
  }

  /** Stops listening to other tabs. Any later call listens again. */
  close(): void {
    this.#core.peers.close();
    if (hasPage()) removeEventListener('pageshow', this.#shown);
  }

  async #goTo(path: EndpointPath, options?: HostedPageOptions): Promise<void> {
    return (await onFirstUse()).goToHostedPage(this.#core, path, options);
  }

  #listen(): void {
    requirePage();
    this.#core.peers.open();
    addEventListener('pageshow', this.#shown);
  }

  /** Back from the back/forward cache much may have happened: what is known is asked for again. */
  readonly #shown = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.#core.store.dropTokens();
    this.checkSession().catch(() => {});
  };
}
