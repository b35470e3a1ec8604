import { usePermission } from '@linden/auth-react/permission';
import { Failure, Loading, TextPage } from '@src/common/components';
import { useLoaded } from '@src/common/hooks';
import { Text } from '@src/i18n';
import { useState } from 'react';
import { useGetCustomer } from './hooks';
import { ProfileForm } from './profile-form';

/** What the shop knows of the shopper, to be changed by them if they may. */
export function ProfilePage() {
  const { value, error, isLoading, reload } = useLoaded(useGetCustomer());
  const [hasConflict, setHasConflict] = useState(false);
  const mayUpdate = usePermission('UPDATE_CUSTOMER');
  const readAgain = () => {
    setHasConflict(true);
    reload();
  };
  return (
    <TextPage id="profile.title" lead={<Text id="profile.lead" />}>
      {error !== undefined && <Failure id="profile.failed" onRetry={reload} />}
      {isLoading && !value && <Loading id="profile.loading" />}
      {hasConflict && <Failure id="profile.conflict" />}
      {value && <ProfileForm customer={value} key={value.version} mayUpdate={mayUpdate} onConflict={readAgain} />}
    </TextPage>
  );
}
