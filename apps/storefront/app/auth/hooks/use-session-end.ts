import { useAuth } from '@linden/auth-react';
import type { SessionExpiry } from '@linden/auth-web';
import { useInterval } from '@src/common/hooks';
import { useRef, useState } from 'react';
import { type SessionEnd, sessionEnd } from '../session-end';

const SECOND = 1000;
/** How long an answer of the server is taken as it is, while the end is near. */
const TRUSTED = 20 * SECOND;

/**
 * How near the session's end is; undefined while it is far.
 *
 * 1. A clock looks at the known times each second. They are a hint: another tab, or another shop of the same sign-in,
 *    may have moved the end since.
 * 2. When the end looks near or over, the server is asked. Asking does not prolong the session.
 * 3. Only its answer counts. No answer, no end: whoever is offline keeps what is on the screen.
 */
export function useSessionEnd(): SessionEnd | undefined {
  const { session, getSession } = useAuth();
  const [end, setEnd] = useState<SessionEnd>();
  const answer = useRef<{ session: SessionExpiry | undefined; at: number }>(undefined);
  const isAsking = useRef(false);

  useInterval(async () => {
    if (!session || isAsking.current) return;
    const now = Date.now();
    const known = sessionEnd(later(session, answer.current?.session), now);
    if (known.phase === 'far') return setEnd(undefined);
    const isTrusted = answer.current && now - answer.current.at < TRUSTED;
    if (isTrusted && !answer.current?.session) return;
    if (isTrusted && known.phase === 'near') return setEnd(known);
    isAsking.current = true;
    try {
      answer.current = { session: await getSession(), at: Date.now() };
      const told = answer.current.session;
      setEnd(told ? sessionEnd(told, Date.now()) : { ...known, phase: 'over' });
    } catch {
      // Asked again at the next tick.
    } finally {
      isAsking.current = false;
    }
  }, SECOND);

  return end;
}

/** The times move forward only, so the later ones are the newer ones. */
const later = (a: SessionExpiry, b: SessionExpiry | undefined) => (b && b.inactivityAt > a.inactivityAt ? b : a);
