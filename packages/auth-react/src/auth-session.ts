import {
  type AuthAppState,
  AuthClient,
  type AuthClientOptions,
  hasRedirectAnswer,
  type LoginRedirectOptions,
  REDIRECT_TO_LOGIN,
} from '@linden/auth-web';
import type { AuthContextValue, AuthMethods, AuthSnapshot } from './auth-context.js';

export interface StartOptions {
  skipRedirectCallback: boolean | undefined;
  onRedirectCallback: (appState: AuthAppState | undefined) => void;
}

/** What a server renders, and the browser's first render: nothing is known yet. */
const BEFORE: AuthSnapshot = {
  isAuthenticated: false,
  isLoading: true,
  isAuthenticating: false,
  didAuthenticationCheck: false,
  user: undefined,
  session: undefined,
  error: undefined,
};

/** One client with what React needs of it: a snapshot that changes only when something visible does, and functions that never change. */
export class AuthSession {
  readonly #client: AuthClient;
  readonly #listeners = new Set<() => void>();
  /** For rendering on a server. */
  readonly serverValue: AuthContextValue;
  #value: AuthContextValue;
  #started: Promise<void> | undefined;

  constructor(options: AuthClientOptions) {
    const client = new AuthClient(options);
    this.#client = client;
    const methods: AuthMethods = {
      loginWithRedirect: options => this.#signIn(options),
      logoutWithRedirect: options => client.logoutWithRedirect(options),
      logout: options => client.logout(options),
      registerWithRedirect: options => client.registerWithRedirect(options),
      changePasswordWithRedirect: options => client.changePasswordWithRedirect(options),
      redirectToRememberMe: options => client.redirectToRememberMe(options),
      redirectToRememberMeUrl: options => client.redirectToRememberMeUrl(options),
      registerWithCredentials: registration => client.registerWithCredentials(registration),
      loginWithCredentials: credentials => client.loginWithCredentials(credentials),
      checkSession: options => client.checkSession(options),
      getAccessToken: options => client.getAccessToken(options),
      getSession: () => client.getSession(),
      getUserInfo: () => client.getUserInfo(),
      findUserOperationsByScope: scopes => client.findUserOperationsByScope(scopes),
      switchAccount: accountId => client.switchAccount(accountId),
      fetch: (input, init) => client.fetch(input, init),
      subscribe: listener => client.subscribe(listener),
    };
    this.serverValue = { ...BEFORE, clientId: options.clientId ?? '', ...methods };
    this.#value = this.serverValue;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly value = (): AuthContextValue => this.#value;

  /** Takes up a sign-in or checks the session, once however often effects run. Returns the way to stop listening. */
  connect(options: StartOptions): () => void {
    const unsubscribe = this.#client.subscribe(event =>
      this.#show(event.type === 'renewal_failed' ? { error: event.error } : { error: undefined }),
    );
    addEventListener('pageshow', this.#shown);
    this.#started ??= this.#start(options);
    return () => {
      unsubscribe();
      removeEventListener('pageshow', this.#shown);
      this.#client.close();
    };
  }

  /** A selection that the app keeps changed. A refused account leaves everybody signed in. */
  selectAccount(accountId: string | undefined): void {
    this.#client.switchAccount(accountId).catch((error: Error) => this.#show({ error }));
  }

  async #start({ skipRedirectCallback, onRedirectCallback }: StartOptions): Promise<void> {
    const end: Partial<AuthSnapshot> = { isLoading: false, isAuthenticating: false, didAuthenticationCheck: true };
    try {
      if (!skipRedirectCallback && hasRedirectAnswer(location.search)) {
        this.#show({ isAuthenticating: true });
        onRedirectCallback((await this.#client.handleRedirectCallback()).appState);
      } else await this.#client.checkSession();
      this.#show({ ...end, error: undefined });
      await this.#followMark();
    } catch (error) {
      this.#show({ ...end, error: error as Error });
    }
  }

  /** A registration that could not sign in by itself asks for it in the address it comes back to. */
  async #followMark(): Promise<void> {
    const url = new URL(location.href);
    if (!url.searchParams.has(REDIRECT_TO_LOGIN)) return;
    url.searchParams.delete(REDIRECT_TO_LOGIN);
    history.replaceState(history.state, '', url);
    if (!this.#client.isAuthenticated()) await this.#signIn();
  }

  async #signIn(options?: LoginRedirectOptions): Promise<void> {
    this.#show({ isAuthenticating: true });
    try {
      await this.#client.loginWithRedirect(options);
    } catch (error) {
      this.#show({ isAuthenticating: false });
      throw error;
    }
  }

  /** Back from the sign-in page by the back button: the sign-in is no longer under way. */
  readonly #shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#show({ isAuthenticating: false });
  };

  #show(change: Partial<AuthSnapshot>): void {
    const next: AuthContextValue = { ...this.#value, ...change, ...this.#client.getState() };
    const names = Object.keys(next) as (keyof AuthContextValue)[];
    if (names.every(name => next[name] === this.#value[name])) return;
    this.#value = next;
    for (const listener of this.#listeners) listener();
  }
}
