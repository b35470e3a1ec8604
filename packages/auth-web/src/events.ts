import type { Core } from './core.js';
import type { AuthError } from './errors.js';
import { liveExpiry, type SessionExpiry } from './session-expiry/session-expiry.js';
import type { CachedSession } from './token-cache/token-cache.js';
import { cacheKey, tokenRequest } from './token-cache/token-request.js';
import type { IdentityClaims } from './token-response/identity-claims.js';

/** What happened, in whatever tab. */
export type AuthEvent =
  | { type: 'signed_in' | 'renewed' | 'expired' | 'signed_out' | 'session_changed' | 'account_changed' }
  | { type: 'renewal_failed'; error: AuthError };

export type AuthListener = (event: AuthEvent) => void;

/** Who is signed in. Immutable, and the same object until that changes; a renewal alone does not change it. */
export interface AuthState {
  readonly isAuthenticated: boolean;
  readonly user: IdentityClaims | undefined;
  readonly session: SessionExpiry | undefined;
}

const GUEST: AuthState = { isAuthenticated: false, user: undefined, session: undefined };

/** Derives events and the state from what the store holds, compared with what this tab knew last. */
export class ClientEvents {
  readonly #listeners = new Set<AuthListener>();
  #known: CachedSession | undefined;
  #state = GUEST;
  #expiry: SessionExpiry | undefined;

  subscribe(listener: AuthListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: AuthEvent): void {
    for (const listener of [...this.#listeners])
      try {
        listener(event);
      } catch (error) {
        setTimeout(() => {
          throw error; // the listener's own; it must not stop a renewal
        });
      }
  }

  /** Looks at the store again and tells what is new. `end` is why a session is gone, if it is. */
  update(core: Core, end: 'expired' | 'signed_out' = 'signed_out'): void {
    const before = this.#known;
    const after = core.store.session();
    this.#known = after;
    if (after && !before) this.emit({ type: 'signed_in' });
    else if (before && !after) this.emit({ type: end });
    else if (before && after && (before.sub !== after.sub || before.sid !== after.sid))
      this.emit({ type: 'session_changed' });
    else if (before && after && before.receivedAt !== after.receivedAt) this.emit({ type: 'renewed' });
  }

  state(core: Core): AuthState {
    const session = core.store.session();
    if (!session) {
      this.#state = GUEST;
      return GUEST;
    }
    const last = this.#state;
    const user = core.store.token(cacheKey(tokenRequest(core)))?.claims ?? session.claims;
    const wasAvailable = this.#expiry?.rememberMeAvailable;
    this.#expiry = session.expiry;
    const sameUser = JSON.stringify(user) === JSON.stringify(last.user);
    const sameSession = !!last.session === !!session.expiry && wasAvailable === session.expiry?.rememberMeAvailable;
    if (last.isAuthenticated && sameUser && sameSession) return last;
    const expiry = session.expiry;
    this.#state = {
      isAuthenticated: true,
      user: sameUser ? last.user : user,
      session: expiry && (sameSession && last.session ? last.session : liveExpiry(() => this.#expiry ?? expiry)),
    };
    return this.#state;
  }
}
