import { useAuth } from '@linden/auth-react';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { type Actor, actorOf } from './utils';

interface CsrState {
  /** Customer service looks at the shop as a guest: calls go out without a token. */
  csrAnonymous: boolean;
  actor: Actor | undefined;
}

const CsrContext = createContext<CsrState>({ csrAnonymous: false, actor: undefined });

export function CsrProvider({ children }: { children: ReactNode }) {
  const { user } = useAuth();
  const state = useMemo(() => {
    const actor = actorOf(user);
    return { actor, csrAnonymous: actor?.impersonation === 'ANONYMOUS' };
  }, [user]);
  return <CsrContext value={state}>{children}</CsrContext>;
}

export const useCsrContext = () => useContext(CsrContext);
