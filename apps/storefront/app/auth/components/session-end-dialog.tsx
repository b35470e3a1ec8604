import { useAuth } from '@linden/auth-react';
import { Dialog, Failure } from '@src/common/components';
import { formatTime, Text } from '@src/i18n';
import { useSettings } from '@src/settings';
import { useEffect, useState } from 'react';
import { useLogin, useSessionEnd } from '../hooks';
import { inOneTab } from '../in-one-tab';
import { LogoutButton } from './logout-button';

/** Says that the session is about to end, and what can be done: stay, sign in again, or leave. */
export function SessionEndDialog() {
  const { session, getAccessToken, logoutWithRedirect, redirectToRememberMeUrl } = useAuth();
  const { features } = useSettings();
  const login = useLogin();
  const end = useSessionEnd();
  const [dismissed, setDismissed] = useState<number>();
  const [hasFailed, setHasFailed] = useState(false);
  const isOver = end?.phase === 'over';
  const canContinue = isOver && !end.isHard && features.rememberMe && session?.rememberMeAvailable === true;

  useEffect(() => {
    if (isOver) void inOneTab('linden.session-end', canContinue ? redirectToRememberMeUrl : logoutWithRedirect);
  }, [isOver, canContinue, redirectToRememberMeUrl, logoutWithRedirect]);

  const stay = async () => {
    setHasFailed(false);
    await getAccessToken({ ignoreCache: true }).catch(() => setHasFailed(true));
  };

  return (
    <Dialog
      isOpen={end?.phase === 'near' && end.at !== dismissed}
      onClose={() => setDismissed(end?.at)}
      title="session.title"
    >
      {end && (
        <p>
          <Text id={end.isHard ? 'session.hardEnd' : 'session.inactivity'} values={{ time: formatTime(end.at) }} />
        </p>
      )}
      {hasFailed && <Failure id="failure.other" />}
      <div className="actions">
        <button className="button" onClick={end?.isHard ? login : stay} type="button">
          <Text id={end?.isHard ? 'session.signInAgain' : 'session.stay'} />
        </button>
        <LogoutButton />
      </div>
    </Dialog>
  );
}
