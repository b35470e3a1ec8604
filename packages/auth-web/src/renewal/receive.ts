import type { Core } from '../core.js';
import { isSameSession } from '../token-cache/token-store.js';
import type { PeerMessage } from './peers.js';

/** Takes over what another tab tells; its tokens only when they are newer than ours. */
export function receive(core: Core, message: PeerMessage): void {
  const { store, events, peers } = core;
  const own = store.session();
  if (message.type === 'ask') {
    if (own) peers.post({ type: 'tokens', session: own, tokens: store.tokens() });
  } else if (message.type === 'tokens') {
    const { session, tokens } = message;
    if (session.sid === core.ended || (own && own.receivedAt > session.receivedAt)) return;
    if (own && !isSameSession(own, session)) store.clear();
    store.put({ ...session, page: performance.timeOrigin }, tokens);
    events.update(store);
  } else {
    // Without a session here, the other tab has cleared the storage that both look at.
    if (message.type === 'signed_out') core.ended = message.sid ?? '';
    if (own?.sid === message.sid) store.clear();
    events.update(store, message.type);
  }
}
