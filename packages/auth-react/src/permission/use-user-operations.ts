'use client';
import type { SessionExpiry, UserOperations } from '@linden/auth-web';
import { useEffect, useState } from 'react';
import { useAuth } from '../use-auth.js';

type Asked = Map<string, Promise<UserOperations>>;

/** What was asked, by session and in it by person: nobody sees what the one before them may do. */
const asked = new WeakMap<SessionExpiry, Asked>();

/** One request for all who want to know the same. One that failed is made again when somebody next wants to know. */
function once(session: SessionExpiry, key: string, ask: () => Promise<UserOperations>): Promise<UserOperations> {
  const ofSession: Asked = asked.get(session) ?? new Map();
  asked.set(session, ofSession);
  const known = ofSession.get(key);
  if (known) return known;
  const answer = ask();
  ofSession.set(key, answer);
  answer.catch(() => ofSession.delete(key));
  return answer;
}

/**
 * What the signed-in user may do in these scopes, for the selected account; without scopes, in the client's own. `undefined` until it is
 * known, for guests, and when it could not be had.
 */
export function useUserOperations(scope?: string): UserOperations | undefined {
  const { session, user, findUserOperationsByScope } = useAuth();
  const [known, setKnown] = useState<{ session: SessionExpiry; key: string; operations: UserOperations }>();
  const key = JSON.stringify([user?.sub, user?.sid, user?.acct_id, scope]);
  useEffect(() => {
    if (!session) return;
    let isWanted = true;
    once(session, key, () => findUserOperationsByScope(scope)).then(
      operations => isWanted && setKnown({ session, key, operations }),
      () => {},
    );
    return () => {
      isWanted = false;
    };
  }, [session, key, scope, findUserOperationsByScope]);
  return known && known.session === session && known.key === key ? known.operations : undefined;
}
