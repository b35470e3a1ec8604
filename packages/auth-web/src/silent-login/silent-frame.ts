import { AuthError } from '../errors.js';

/** Milliseconds for the whole visit, and for a message of a callback page that has loaded. */
const LIMIT = 10_000;
const GRACE = 1_000;

/**
 * Loads `url` in a hidden iframe and gives the query that its callback page posts. Taken are messages of this very frame, of
 * the callback's origin, of the known type; what carries another state is refused at once.
 *
 * A frame that the browser blocks fires `load` like any other, but what it shows then is of no origin of ours.
 */
export function visitInFrame(url: string, callback: string, state: string): Promise<URLSearchParams> {
  const { origin } = new URL(callback, location.href);
  const frame = document.createElement('iframe');
  frame.hidden = true;
  frame.title = 'Silent sign-in';
  frame.style.display = 'none';
  let finish = () => {};
  return new Promise<URLSearchParams>((resolve, reject) => {
    const fail = (code: string, description?: string) => reject(new AuthError(code, description));
    const onMessage = ({ source, origin: from, data }: MessageEvent) => {
      if (source !== frame.contentWindow || from !== origin || data?.type !== 'authorization_code') return;
      const answer = new URLSearchParams(String(data.search));
      if (answer.get('state') === state) resolve(answer);
      else fail('state_mismatch', 'The silent answer carries another state.');
    };
    const timers = [setTimeout(() => fail('timeout', 'The silent sign-in took too long.'), LIMIT)];
    finish = () => {
      for (const timer of timers) clearTimeout(timer);
      removeEventListener('message', onMessage);
      frame.remove();
    };
    addEventListener('message', onMessage);
    frame.onload = () => {
      try {
        if (frame.contentWindow?.location.href === 'about:blank') return;
        timers.push(setTimeout(() => fail('frame_blocked', `${callback} loaded but did not post an answer.`), GRACE));
      } catch {
        if (navigator.onLine === false) fail('network');
        else fail('frame_blocked', `Is ${callback} a registered redirect URI of this client?`);
      }
    };
    frame.src = url;
    (document.body ?? document.documentElement).append(frame);
  }).finally(() => finish());
}
