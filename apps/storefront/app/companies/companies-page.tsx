import { useSwitchAccount } from '@app/auth/hooks';
import { useAuth } from '@linden/auth-react';
import { Failure, Loading, TextPage } from '@src/common/components';
import { useLoaded } from '@src/common/hooks';
import { Text } from '@src/i18n';
import { useGetCustomerAccounts } from './hooks';

/** The companies that the shopper may act for. */
export function CompaniesPage() {
  const { user } = useAuth();
  const { value, error, isLoading, reload } = useLoaded(useGetCustomerAccounts());
  const { switchAccount, isSwitching, hasFailed } = useSwitchAccount();
  return (
    <TextPage id="companies.title" lead={<Text id="companies.lead" />}>
      {error !== undefined && <Failure id="companies.failed" onRetry={reload} />}
      {hasFailed && <Failure id="account.failed" />}
      {isLoading && !value && <Loading id="companies.loading" />}
      {value?.content.length === 0 && (
        <p className="empty">
          <Text id="companies.none" />
        </p>
      )}
      <ul className="cards">
        {value?.content.map(account => {
          const isActive = account.status !== 'INACTIVE';
          const isSelected = account.id === user?.acct_id;
          return (
            <li className="card" key={account.id}>
              <h2>{account.name}</h2>
              <p className="quiet-text">
                <Text id={isSelected ? 'companies.selected' : isActive ? 'companies.member' : 'companies.inactive'} />
              </p>
              <button
                className={isSelected ? 'button quiet' : 'button'}
                disabled={isSwitching || !isActive}
                onClick={() => switchAccount(isSelected ? undefined : account.id)}
                type="button"
              >
                <Text id={isSelected ? 'companies.leave' : 'companies.select'} values={{ name: account.name }} />
              </button>
            </li>
          );
        })}
      </ul>
    </TextPage>
  );
}
