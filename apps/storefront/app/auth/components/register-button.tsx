import { useAuth } from '@linden/auth-react';
import { Text } from '@src/i18n';
import { useSettings } from '@src/settings';

/** Shown where the server lets people register themselves. */
export const RegisterButton = () => {
  const { registerWithRedirect } = useAuth();
  const { features } = useSettings();
  if (!features.register) return null;
  return (
    <button className="button quiet" onClick={() => registerWithRedirect()} type="button">
      <Text id="auth.register" />
    </button>
  );
};
