import { useAuth } from '@linden/auth-react';
import { Page } from '@src/common/components';
import { formatTime, Text, useText } from '@src/i18n';
import { Link } from 'react-router';

/** What the shop knows of the one who is signed in. */
export function DashboardPage() {
  const { user, session } = useAuth();
  const text = useText();
  const name = user?.fullName ?? user?.username ?? '';
  return (
    <Page lead={<Text id="dashboard.lead" />} title={text('dashboard.title', { name })}>
      <ul className="cards">
        <li className="card">
          <h2>
            <Text id="dashboard.you" />
          </h2>
          <dl>
            <dt>
              <Text id="dashboard.username" />
            </dt>
            <dd>{user?.username}</dd>
            {user?.email_address && (
              <>
                <dt>
                  <Text id="dashboard.email" />
                </dt>
                <dd>{user.email_address}</dd>
              </>
            )}
          </dl>
          {session && (
            <p className="quiet-text">
              <Text id="dashboard.session" values={{ time: formatTime(session.requiresLoginAt) }} />
            </p>
          )}
          <Link className="button quiet" to="/profile">
            <Text id="dashboard.toProfile" />
          </Link>
        </li>
        <li className="card">
          <h2>
            <Text id="nav.lists" />
          </h2>
          <p>
            <Text id="dashboard.lists" />
          </p>
          <Link className="button quiet" to="/lists">
            <Text id="dashboard.toLists" />
          </Link>
        </li>
        <li className="card">
          <h2>
            <Text id="nav.companies" />
          </h2>
          <p>
            <Text id="dashboard.companies" />
          </p>
          <Link className="button quiet" to="/companies">
            <Text id="dashboard.toCompanies" />
          </Link>
        </li>
      </ul>
    </Page>
  );
}
