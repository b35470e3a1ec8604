import { useAuth } from '@linden/auth-react';
import { Text } from '@src/i18n';
import { useSettings } from '@src/settings';
import { Link } from 'react-router';

/** Shown where the server lets people register themselves; leads to the form there, or to the shop's own. */
export const RegisterButton = () => {
  const { registerWithRedirect } = useAuth();
  const { features } = useSettings();
  if (!features.register) return null;
  if (features.embeddedLogin) {
    return (
      <Link className="button quiet" to="/register">
        <Text id="auth.register" />
      </Link>
    );
  }
  return (
    <button className="button quiet" onClick={() => registerWithRedirect()} type="button">
      <Text id="auth.register" />
    </button>
  );
};
