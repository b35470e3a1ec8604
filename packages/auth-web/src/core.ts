import type { ClientEvents } from './events.js';
import type { Settings } from './options.js';
import type { Peers } from './renewal/peers.js';
import type { TokenStore } from './token-cache/token-store.js';

/** What the features of one client share. */
export interface Core {
  readonly settings: Settings;
  /** The selected account; `switchAccount` changes it. */
  accountId: string | null | undefined;
  /** The `sid` that was signed out last, in whatever tab: a renewal that was under way must not bring it back. */
  ended: string;
  readonly store: TokenStore;
  readonly peers: Peers;
  readonly events: ClientEvents;
  /** Reads the store again and asks the other tabs for newer tokens. */
  readonly lookAround: () => Promise<unknown>;
  /** Runs work that asks the server for tokens: one at a time in this tab and among tabs. */
  readonly inTurn: <T>(work: (waited: boolean) => Promise<T>) => Promise<T>;
}
