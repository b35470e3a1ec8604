import { FRAME_GRACE, FRAME_LIMIT } from '../durations.js';
import { AuthError } from '../errors.js';

/**
 * Loads `url` in a hidden iframe and gives the query that its callback page posts. Taken are messages of this very frame, of
 * the page's origin, of the known type; what carries another state is refused at once.
 *
 * A frame that the browser blocks fires `load` like any other, but what it shows then is of no origin of ours.
 */
export function visitInFrame(url: string, callback: string, state: string): Promise<URLSearchParams> {
  const frame = document.createElement('iframe');
  let end: () => void;
  return new Promise<URLSearchParams>((resolve, reject) => {
    const failIn = (milliseconds: number, code: string, description?: string) =>
      setTimeout(() => reject(new AuthError(code, description)), milliseconds);
    const onMessage = ({ source, origin, data }: MessageEvent) => {
      if (source !== frame.contentWindow || origin !== location.origin || data?.type !== 'authorization_code') return;
      const answer = new URLSearchParams(String(data.search));
      if (answer.get('state') === state) resolve(answer);
      else failIn(0, 'state_mismatch');
    };
    const timer = failIn(FRAME_LIMIT, 'timeout');
    end = () => {
      clearTimeout(timer);
      removeEventListener('message', onMessage);
      frame.remove();
    };
    addEventListener('message', onMessage);
    frame.onload = () => {
      let patience = FRAME_GRACE;
      try {
        if (frame.contentWindow?.location.href === 'about:blank') return;
      } catch {
        patience = 0;
      }
      failIn(patience, navigator.onLine ? 'frame_blocked' : 'network', `is ${callback} registered?`);
    };
    frame.hidden = true;
    frame.src = url;
    document.documentElement.append(frame);
  }).finally(() => end());
}
