import { actorOf, isCsr } from '@src/csr/utils';
import { expect, it } from 'vitest';

it('knows customer service by the actor in the token', () => {
  const act = { csr_user_id: '01J', csr_username: 'kim', impersonation: 'ANONYMOUS' };
  expect(isCsr({ sub: 'c', act })).toBe(true);
  expect(actorOf({ sub: 'c', act })).toEqual(act);
});

it.each([undefined, {}, { act: null }, { act: 'kim' }, { act: { sub: 'a-service' } }, { user_type: 'ADMIN' }])(
  'takes %o for a customer',
  user => expect(isCsr(user)).toBe(false),
);
