import type { AuthError } from './errors.js';
import type { CachedSession } from './token-cache/token-cache.js';
import { isSameSession, type TokenStore } from './token-cache/token-store.js';

/** What happened, in whatever tab. */
export type AuthEvent =
  | {
      type: 'signed_in' | 'renewed' | 'expired' | 'signed_out' | 'session_changed' | 'account_changed';
      error?: undefined;
    }
  | { type: 'renewal_failed'; error: AuthError };

export type AuthListener = (event: AuthEvent) => void;

/** Derives events from what the store holds, compared with what this tab knew last. */
export type ClientEvents = ReturnType<typeof clientEvents>;

export function clientEvents() {
  const listeners = new Set<AuthListener>();
  let known: CachedSession | undefined;

  const events = {
    subscribe(listener: AuthListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    emit(event: AuthEvent): void {
      for (const listener of listeners)
        try {
          listener(event);
        } catch (error) {
          setTimeout(() => {
            throw error; // the listener's own; it must not stop a renewal
          });
        }
    },

    /** Looks at the store again and tells what is new. `end` is why a session is gone, if it is. */
    update(store: TokenStore, end: 'expired' | 'signed_out' = 'signed_out'): void {
      const before = known;
      known = store.session();
      if (before?.receivedAt === known?.receivedAt) return;
      events.emit({
        type: !before ? 'signed_in' : !known ? end : isSameSession(before, known) ? 'renewed' : 'session_changed',
      });
    },
  };
  return events;
}
