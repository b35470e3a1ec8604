import { authorizedFetch } from './authorized-fetch/authorized-fetch.js';
import type { Core } from './core.js';
import { type LoginCredentials, loginWithCredentials } from './embedded-login/embedded-login.js';
import { type Registration, registerWithCredentials, type User } from './embedded-login/embedded-registration.js';
import { endpoint } from './endpoints.js';
import { isAuthError } from './errors.js';
import { type AuthListener, type AuthState, ClientEvents } from './events.js';
import { request } from './http.js';
import { type LogoutRedirectOptions, logoutWithRedirect } from './logout/logout.js';
import {
  type ChangePasswordRedirectOptions,
  goToHostedPage,
  type RegisterRedirectOptions,
  type RememberMeRedirectOptions,
} from './navigation/hosted-page.js';
import { LEAVING } from './navigation/leave.js';
import { type AuthClientOptions, clientName, settle } from './options.js';
import { hasPage, requirePage } from './page.js';
import { type LoginRedirectOptions, loginWithRedirect } from './redirect-login/login-with-redirect.js';
import {
  hasRedirectAnswer,
  type RedirectCallbackResult,
  redirectCallback,
} from './redirect-login/redirect-callback.js';
import { Peers } from './renewal/peers.js';
import { receive } from './renewal/receive.js';
import { type GetAccessTokenOptions, Renewal } from './renewal/renewal.js';
import { turns } from './renewal/turn.js';
import { serverSession } from './session-expiry/server-session.js';
import type { SessionExpiry } from './session-expiry/session-expiry.js';
import { TokenStore } from './token-cache/token-store.js';
import type { IdentityClaims } from './token-response/identity-claims.js';
import { findUserOperationsByScope, type UserOperations } from './user-operations/user-operations.js';

/**
 * Signs people in and keeps them signed in. Constructing one touches neither network nor page, so it may happen in Node; calls that
 * need a page reject there with `browser_required`. Every rejection is an `AuthError`.
 */
export class AuthClient {
  readonly #core: Core;
  readonly #renewal: Renewal;
  /** A sign-in whose answer is being redeemed. */
  #callback: Promise<RedirectCallbackResult> | undefined;
  #askedByNavigation = false;
  #switches = 0;

  constructor(options: AuthClientOptions) {
    const settings = settle(options);
    const name = () => clientName(settings);
    const core: Core = {
      settings,
      accountId: options.accountId || undefined,
      store: new TokenStore(settings.tokenCache, name),
      peers: new Peers(
        () => `linden|${name()}`,
        message => receive(core, message),
      ),
      events: new ClientEvents(),
      inTurn: turns(() => `linden|${name()}`),
    };
    this.#core = core;
    this.#renewal = new Renewal(core);
    if (settings.debug) core.events.subscribe(event => console.debug('[linden]', event));
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
    const url = address ?? location.href;
    this.#askedByNavigation ||= hasRedirectAnswer(new URL(url, location.href).search);
    const callback = redirectCallback(this.#core, url) ?? this.#callback;
    if (!callback) {
      await this.checkSession();
      return { appState: undefined };
    }
    this.#callback = callback;
    try {
      return await callback;
    } finally {
      this.#callback = undefined;
    }
  }

  /** Finds out whether somebody is signed in, from the cache or by a silent sign-in. `login_required` is an answer, not an error. */
  async checkSession(options?: GetAccessTokenOptions): Promise<void> {
    this.#listen();
    await this.#callback?.catch(() => {});
    try {
      await this.getAccessToken(options);
    } catch (error) {
      if (!isAuthError(error, 'login_required')) throw error;
      if (!this.#core.settings.topLevelSilentLogin || this.#askedByNavigation) return;
      this.#askedByNavigation = true;
      await this.loginWithRedirect({
        prompt: 'none',
        appState: { returnTo: location.pathname + location.search + location.hash },
      });
      await new Promise(stayed => setTimeout(stayed, LEAVING));
    } finally {
      this.#core.events.update(this.#core);
    }
  }

  isAuthenticated(): boolean {
    return !!this.#core.store.session();
  }

  /** The cached token, or a renewed one when less than 30 s are left. */
  getAccessToken(options?: GetAccessTokenOptions): Promise<string> {
    return this.#renewal.getAccessToken(options);
  }

  getIdentityClaims(): IdentityClaims | undefined {
    return this.getState().user;
  }

  getSessionExpiry(): SessionExpiry | undefined {
    return this.getState().session;
  }

  get session(): SessionExpiry | undefined {
    return this.getSessionExpiry();
  }

  /** Who is signed in, as one immutable object that stays the same until that changes. */
  getState(): AuthState {
    return this.#core.events.state(this.#core);
  }

  /** The session as the server sees it; asking prolongs nothing. `undefined` when it is over. */
  async getSession(): Promise<SessionExpiry | undefined> {
    this.#listen();
    return serverSession(this.#core);
  }

  /** Tells what happens to the session, in whatever tab. Returns the way to stop. */
  subscribe(listener: AuthListener): () => void {
    if (hasPage()) this.#listen();
    return this.#core.events.subscribe(listener);
  }

  /** Gets a token for another account, without a sign-in and without a reload; `null` for none. */
  async switchAccount(accountId: string | null | undefined): Promise<void> {
    const core = this.#core;
    const latest = ++this.#switches;
    if (core.store.session()) await this.getAccessToken({ accountId: accountId || null });
    if (latest !== this.#switches) return;
    core.accountId = accountId || undefined;
    core.events.emit({ type: 'account_changed' });
  }

  /** Sends the token to the page's own origin and `apiOrigins`; others reject with `origin_not_allowed`. */
  async fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    return authorizedFetch(this.#core, () => this.getAccessToken(), input, init);
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
    return goToHostedPage(this.#core, 'register', options);
  }

  changePasswordWithRedirect(options?: ChangePasswordRedirectOptions): Promise<void> {
    return goToHostedPage(this.#core, 'changePassword', options);
  }

  /** Opens a new session from the remember-me cookie. */
  redirectToRememberMe(options?: RememberMeRedirectOptions): Promise<void> {
    return goToHostedPage(this.#core, 'rememberMe', options);
  }

  /** The same as `redirectToRememberMe`. */
  redirectToRememberMeUrl(options?: RememberMeRedirectOptions): Promise<void> {
    return this.redirectToRememberMe(options);
  }

  registerWithCredentials(registration: Registration): Promise<User> {
    return registerWithCredentials(this.#core, registration);
  }

  loginWithCredentials(credentials: LoginCredentials): Promise<void> {
    return loginWithCredentials(this.#core, credentials);
  }

  async getUserInfo(): Promise<User> {
    const headers = { authorization: `Bearer ${await this.getAccessToken()}` };
    return request(this.#core, await endpoint(this.#core, 'userInfo'), { headers });
  }

  findUserOperationsByScope(scopes: string | readonly string[]): Promise<UserOperations> {
    return findUserOperationsByScope(this.#core, scopes, () => this.getAccessToken());
  }

  /** Stops listening to other tabs. Any later call listens again. */
  close(): void {
    this.#core.peers.close();
    if (!hasPage()) return;
    removeEventListener('pageshow', this.#shown);
    removeEventListener('pagehide', this.#hidden);
  }

  #listen(): void {
    requirePage();
    this.#core.peers.open();
    addEventListener('pageshow', this.#shown);
    addEventListener('pagehide', this.#hidden);
  }

  /** An open channel would keep the page out of the back/forward cache. */
  readonly #hidden = (): void => this.#core.peers.close();

  /** Back from that cache much may have happened: what is known is asked for again. */
  readonly #shown = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.#core.peers.open();
    this.#core.store.dropTokens();
    if (this.#core.store.session()) this.checkSession().catch(() => {});
    else this.#core.events.update(this.#core);
  };
}
