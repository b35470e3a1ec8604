import type { CachedAccessToken, CachedSession } from '../token-cache/token-cache.js';

/** What the tabs of one origin tell each other about one client. */
export type PeerMessage =
  | { type: 'ask' }
  | { type: 'tokens'; session: CachedSession; tokens: [string, CachedAccessToken][] }
  | { type: 'signed_out' | 'expired'; sid: string | undefined };

/** Milliseconds that an answer of another tab is waited for. */
const PATIENCE = 100;

/** A channel named by issuer and client; without BroadcastChannel each tab is by itself. */
export type Peers = ReturnType<typeof peersOf>;

export function peersOf(name: () => string, receive: (message: PeerMessage) => void) {
  let channel: BroadcastChannel | undefined;
  let answered = () => {};

  const peers = {
    open(): void {
      if (channel || !globalThis.BroadcastChannel) return;
      channel = new BroadcastChannel(name());
      channel.onmessage = ({ data }: MessageEvent<PeerMessage>) => {
        receive(data);
        if (data.type === 'tokens') answered();
      };
    },

    close(): void {
      channel?.close();
      channel = undefined;
    },

    post(message: PeerMessage): void {
      peers.open();
      channel?.postMessage(message);
    },

    /** Asks the other tabs for newer tokens than ours; over with the first answer or after 100 ms. */
    ask(): Promise<void> {
      peers.post({ type: 'ask' });
      return new Promise(done => {
        answered = done;
        setTimeout(done, PATIENCE);
      });
    },
  };
  return peers;
}
