import type { ClientEvents } from './events.js';
import type { Settings } from './options.js';
import type { Peers } from './renewal/peers.js';
import type { TokenStore } from './token-cache/token-store.js';

/** What the features of one client share. */
export interface Core {
  readonly settings: Settings;
  /** The selected account; `switchAccount` changes it. */
  accountId: string | undefined;
  readonly store: TokenStore;
  readonly peers: Peers;
  readonly events: ClientEvents;
  /** Runs work that asks the server for tokens: one at a time in this tab and among tabs. */
  readonly inTurn: <T>(work: (waited: boolean) => Promise<T>) => Promise<T>;
}
