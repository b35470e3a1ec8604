import { useAuth } from '@linden/auth-react';
import { Text } from '@src/i18n';
import { useCsrContext } from './context';

/** Reminds customer service of whose name they act in. */
export function CsrBanner() {
  const { user } = useAuth();
  const { actor, csrAnonymous } = useCsrContext();
  if (!actor) return null;
  const who = actor.csr_username ?? actor.csr_user_id;
  return (
    <aside className="csr-banner">
      {csrAnonymous ? (
        <Text id="csr.anonymous" values={{ who }} />
      ) : (
        <Text id="csr.customer" values={{ who, customer: user?.fullName ?? user?.username ?? '' }} />
      )}
    </aside>
  );
}
