import type { Core } from '../core.js';
import { ifFresh } from '../token-cache/token-store.js';
import type { PeerMessage } from './peers.js';

/** Takes over what another tab tells; its tokens only when they are newer than ours. */
export function receive(core: Core, message: PeerMessage): void {
  const { store, events, peers } = core;
  const own = store.session();
  switch (message.type) {
    case 'ask':
      if (own)
        peers.post({ type: 'tokens', session: own, tokens: store.tokens().filter(([, token]) => ifFresh(token)) });
      return;
    case 'tokens': {
      const { session, tokens } = message;
      if (own && own.receivedAt > session.receivedAt) return;
      if (own && (own.sub !== session.sub || own.sid !== session.sid)) store.clear();
      store.put({ ...session, page: performance.timeOrigin }, tokens);
      return events.update(core);
    }
    case 'session':
      if (own && own.sid === message.sid) store.put({ ...own, expiry: message.expiry });
      return;
    default:
      // A tab without a session may be looking at storage that the other has cleared already.
      if (own?.sid === message.sid) store.clear();
      events.update(core, message.type);
  }
}
