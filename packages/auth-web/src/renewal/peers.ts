import type { SessionExpiry } from '../session-expiry/session-expiry.js';
import type { CachedAccessToken, CachedSession } from '../token-cache/token-cache.js';

/** What the tabs of one origin tell each other about one client. */
export type PeerMessage =
  | { type: 'ask' }
  | { type: 'tokens'; session: CachedSession; tokens: [string, CachedAccessToken][] }
  | { type: 'session'; sid: string | undefined; expiry: SessionExpiry }
  | { type: 'signed_out' | 'expired'; sid: string | undefined };

/** Milliseconds that an answer of another tab is waited for. */
const PATIENCE = 100;

/** A channel named by issuer and client; without BroadcastChannel each tab is by itself. */
export class Peers {
  readonly #name: () => string;
  readonly #receive: (message: PeerMessage) => void;
  #channel: BroadcastChannel | undefined;
  #answered: (() => void) | undefined;

  constructor(name: () => string, receive: (message: PeerMessage) => void) {
    this.#name = name;
    this.#receive = receive;
  }

  open(): void {
    if (this.#channel || typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(this.#name());
    this.#channel.onmessage = ({ data }: MessageEvent<PeerMessage>) => {
      this.#receive(data);
      if (data.type === 'tokens') this.#answered?.();
    };
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  post(message: PeerMessage): void {
    this.open();
    this.#channel?.postMessage(message);
  }

  /** Asks the other tabs for newer tokens than ours; over with the first answer or after 100 ms. */
  async ask(): Promise<void> {
    this.post({ type: 'ask' });
    if (!this.#channel) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>(done => {
      this.#answered = done;
      timer = setTimeout(done, PATIENCE);
    });
    clearTimeout(timer);
  }
}
