import { useAuth } from '@linden/auth-react';
import { Fragment, type ReactNode, useEffect, useState } from 'react';

/**
 * Draws everything anew for another person: what one has loaded or typed is never shown to the next, in whatever tab the
 * change was made. A sign-out ends a person, too. A session that merely ran out does not: whoever signs in again finds
 * what they had typed, if they are the same.
 */
export function PersonBoundary({ children }: { children: ReactNode }) {
  const { user, subscribe } = useAuth();
  const [seen, setSeen] = useState({ sub: user?.sub, people: 0 });
  useEffect(
    () =>
      subscribe(({ type }) => {
        if (type === 'signed_out') setSeen(({ people }) => ({ sub: undefined, people: people + 1 }));
      }),
    [subscribe],
  );
  if (user?.sub && user.sub !== seen.sub)
    setSeen(({ sub, people }) => ({ sub: user.sub, people: sub ? people + 1 : people }));
  return <Fragment key={seen.people}>{children}</Fragment>;
}
