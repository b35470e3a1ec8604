import { sessionEnd, WARNING_TIME } from '@app/auth/session-end';
import { expect, it } from 'vitest';

const now = 1_800_000_000_000;
const hour = 3_600_000;
const session = (inactivityAt: number, requiresLoginAt: number) => ({
  inactivityAt,
  requiresLoginAt,
  rememberMeAvailable: false,
});

it.each([
  ['far', WARNING_TIME + 1],
  ['near', WARNING_TIME],
  ['near', 1],
  ['over', 0],
  ['over', -hour],
] as const)('is %s with %i ms left', (phase, left) => {
  expect(sessionEnd(session(now + left, now + hour), now)).toEqual({ phase, at: now + left, isHard: false });
});

it('is hard when nothing but a new sign-in helps', () => {
  expect(sessionEnd(session(now + hour, now + 1), now)).toEqual({ phase: 'near', at: now + 1, isHard: true });
});

it('is hard when activity could not move the end any more', () => {
  expect(sessionEnd(session(now, now), now).isHard).toBe(true);
});
