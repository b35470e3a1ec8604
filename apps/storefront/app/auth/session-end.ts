import type { SessionExpiry } from '@linden/auth-web';

/** People are told this long before their session ends. */
export const WARNING_TIME = 3 * 60 * 1000;

export interface SessionEnd {
  phase: 'far' | 'near' | 'over';
  /** Epoch milliseconds. */
  at: number;
  /** Nothing but a new sign-in helps: the session's hard end comes first. */
  isHard: boolean;
}

/** Whichever comes first ends a session: its inactivity or its hard end. */
export function sessionEnd({ inactivityAt, requiresLoginAt }: SessionExpiry, now: number): SessionEnd {
  const isHard = requiresLoginAt <= inactivityAt;
  const at = isHard ? requiresLoginAt : inactivityAt;
  const phase = at <= now ? 'over' : at - now <= WARNING_TIME ? 'near' : 'far';
  return { phase, at, isHard };
}
