import { useSwitchAccount } from '@app/auth/hooks';
import { useGetCustomerAccounts } from '@app/companies/hooks';
import { useAuth } from '@linden/auth-react';
import type { Account } from '@linden/commerce-client';
import { Failure } from '@src/common/components';
import { useLoaded } from '@src/common/hooks';
import { Text, useText } from '@src/i18n';
import { useId } from 'react';
import { Link } from 'react-router';
import { useDropDown } from './use-drop-down';

const isActive = (account: Account) => account.status !== 'INACTIVE';

/** Shows who is signed in and for whom they shop: themselves, or one of their companies. */
export function AccountSelectorDropDown() {
  const { user } = useAuth();
  const text = useText();
  const { isOpen, toggle, close, area, button } = useDropDown();
  const panel = useId();
  const { value, error, reload } = useLoaded(useGetCustomerAccounts());
  const accounts = value?.content ?? [];
  const { switchAccount, isSwitching, hasFailed } = useSwitchAccount();

  const name = user?.fullName ?? user?.username ?? '';
  const selected = accounts.find(account => account.id === user?.acct_id);
  const choices = [{ id: undefined, name: text('account.myself') }, ...accounts.filter(isActive)];

  return (
    <div className="drop-down" ref={area}>
      <button
        aria-controls={panel}
        aria-expanded={isOpen}
        className="person"
        onClick={toggle}
        ref={button}
        type="button"
      >
        <span aria-hidden="true" className="initial">
          {name.charAt(0)}
        </span>
        <span className="person-name">
          <span>{name}</span>
          {selected && <small>{selected.name}</small>}
        </span>
      </button>
      <div className="panel" hidden={!isOpen} id={panel}>
        <fieldset disabled={isSwitching}>
          <legend>
            <Text id="account.shopFor" />
          </legend>
          {choices.map(choice => (
            <label className="choice" key={choice.id ?? ''}>
              <input
                checked={user?.acct_id === choice.id}
                name="account"
                onChange={() => switchAccount(choice.id)}
                type="radio"
              />
              {choice.name}
            </label>
          ))}
        </fieldset>
        {error !== undefined && <Failure id="companies.failed" onRetry={reload} />}
        {hasFailed && <Failure id="account.failed" />}
        <Link onClick={close} to="/dashboard">
          <Text id="nav.dashboard" />
        </Link>
      </div>
    </div>
  );
}
