import {
  type AuthAppState,
  AuthClient,
  type AuthClientOptions,
  hasRedirectAnswer,
  type LoginRedirectOptions,
  REDIRECT_TO_LOGIN,
  type SessionExpiry,
} from '@linden/auth-web';
import type { AuthContextValue, AuthMethods, AuthSnapshot } from './auth-context.js';
import { liveExpiry } from './live-expiry.js';

export type OnRedirectCallback = (appState: AuthAppState | undefined) => void;

/** One client with what React needs of it: a snapshot that changes only when something visible does, and functions that never change. */
export class AuthSession {
  readonly #client: AuthClient;
  readonly #listeners = new Set<() => void>();
  /** What a server renders, and the browser's first render: nothing is known yet. */
  readonly serverValue: AuthContextValue;
  #value: AuthContextValue;
  #accountId: string | undefined;
  #started: Promise<void> | undefined;
  /** The newest times, which `session` tells. */
  #expiry: SessionExpiry | undefined;

  constructor(options: AuthClientOptions) {
    const client = new AuthClient(options);
    this.#client = client;
    this.#accountId = options.accountId;
    const methods: Record<string, unknown> = { ...client };
    for (const name of Object.getOwnPropertyNames(AuthClient.prototype))
      if (name !== 'constructor' && name !== 'session') methods[name] = client[name as 'close'].bind(client);
    this.#value = this.serverValue = {
      ...(methods as unknown as AuthMethods),
      isAuthenticated: false,
      isLoading: true,
      isAuthenticating: false,
      didAuthenticationCheck: false,
      user: undefined,
      session: undefined,
      error: undefined,
      clientId: options.clientId as string,
      loginWithRedirect: this.#signIn,
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly value = (): AuthContextValue => this.#value;

  /** Takes up a sign-in or checks the session, once however often effects run. Returns the way to stop listening. */
  connect(skipRedirectCallback: boolean | undefined, onRedirectCallback: OnRedirectCallback): () => void {
    const unsubscribe = this.#client.subscribe(event => this.#show({ error: event.error }));
    addEventListener('pageshow', this.#shown);
    this.#started ??= this.#start(skipRedirectCallback, onRedirectCallback);
    return () => {
      unsubscribe();
      removeEventListener('pageshow', this.#shown);
      this.#client.close();
    };
  }

  /** A selection that the app keeps changed. A refused account leaves everybody signed in. */
  selectAccount(accountId: string | undefined): void {
    if (accountId === this.#accountId) return;
    this.#accountId = accountId;
    this.#client.switchAccount(accountId).catch((error: Error) => this.#show({ error }));
  }

  async #start(skipRedirectCallback: boolean | undefined, onRedirectCallback: OnRedirectCallback): Promise<void> {
    let error: Error | undefined;
    try {
      if (skipRedirectCallback || !hasRedirectAnswer(location.search)) await this.#client.checkSession();
      else {
        this.#show({ isAuthenticating: true });
        const result = await this.#client.handleRedirectCallback();
        if ('appState' in result) onRedirectCallback(result.appState);
      }
    } catch (reason) {
      error = reason as Error;
    }
    this.#show({ isLoading: false, isAuthenticating: false, didAuthenticationCheck: true, error });
    // A registration that could not sign in by itself asks for it in the address it comes back to.
    const url = new URL(location.href);
    if (!url.searchParams.has(REDIRECT_TO_LOGIN)) return;
    url.searchParams.delete(REDIRECT_TO_LOGIN);
    history.replaceState(history.state, '', url);
    if (!this.#client.isAuthenticated()) this.#signIn().catch(() => {});
  }

  readonly #signIn = (options?: LoginRedirectOptions): Promise<void> => {
    this.#show({ isAuthenticating: true });
    return this.#client.loginWithRedirect(options).catch(error => {
      this.#show({ isAuthenticating: false });
      throw error;
    });
  };

  /** Back from the sign-in page by the back button: the sign-in is no longer under way. */
  readonly #shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#show({ isAuthenticating: false });
  };

  #show(change: Partial<AuthSnapshot>): void {
    const next: AuthContextValue = { ...this.#value, ...change, ...this.#who() };
    const names = Object.keys(next) as (keyof AuthContextValue)[];
    if (names.every(name => next[name] === this.#value[name])) return;
    this.#value = next;
    for (const listener of this.#listeners) listener();
  }

  /** Who is signed in, by the same objects as before unless they say something else: a renewal alone changes none. */
  #who(): Pick<AuthSnapshot, 'isAuthenticated' | 'user' | 'session'> {
    const { user: lastUser, session: lastSession } = this.#value;
    const user = this.#client.getIdentityClaims();
    const expiry = this.#client.getSessionExpiry();
    const wasAvailable = this.#expiry?.rememberMeAvailable;
    this.#expiry = expiry ?? this.#expiry;
    return {
      isAuthenticated: this.#client.isAuthenticated(),
      user: JSON.stringify(user) === JSON.stringify(lastUser) ? lastUser : user,
      session:
        expiry &&
        (lastSession && wasAvailable === expiry.rememberMeAvailable
          ? lastSession
          : liveExpiry(() => this.#expiry as SessionExpiry)),
    };
  }
}
