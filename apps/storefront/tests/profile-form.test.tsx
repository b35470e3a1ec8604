import { ProfileForm } from '@app/profile/profile-form';
import { CommerceError, type Customer } from '@linden/commerce-client';
import { I18nProvider } from '@lingui/react';
import { setUpTexts } from '@src/i18n';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const updateCustomer = vi.fn();
vi.mock('@app/auth/hooks', () => ({ useGetCustomerAccessToken: () => async () => 'token' }));
vi.mock('@src/common/contexts', () => ({ useAccountClient: () => ({ updateCustomer }) }));

const anna: Customer = {
  id: 'c1',
  customerContextId: 'x',
  fullName: 'Anna Berg',
  email: 'anna@fjord.example',
  phone: null,
  contactEmail: 'old@mail.example',
  version: 3,
  createdAt: '2026-11-25T08:00:00Z',
  updatedAt: '2026-11-25T08:00:00Z',
};
const onConflict = vi.fn();
let page: HTMLElement;
let root: ReturnType<typeof createRoot>;

const input = (name: string) => page.querySelector(`input[name="${name}"]`) as HTMLInputElement;
const save = (values: Record<string, string>) =>
  act(async () => {
    for (const [name, value] of Object.entries(values)) input(name).value = value;
    page.querySelector('form')?.requestSubmit();
  });
const refused = (code: string, errors: object[] = []) =>
  new CommerceError(400, { type: `urn:linden:problem:${code}`, errors });

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  updateCustomer.mockReset();
  onConflict.mockReset();
  page = document.body.appendChild(document.createElement('div'));
  root = createRoot(page);
  await act(async () =>
    root.render(
      <I18nProvider i18n={setUpTexts()}>
        <ProfileForm customer={anna} mayUpdate onConflict={onConflict} />
      </I18nProvider>,
    ),
  );
});
afterEach(async () => {
  await act(() => root.unmount());
  page.remove();
});

it('sends what was changed, for the version that is known, and says that it is saved', async () => {
  updateCustomer.mockResolvedValueOnce({ ...anna, phone: '+49 30 123456', contactEmail: null, version: 4 });
  await save({ phone: ' +49 30 123456 ', contactEmail: '' });
  const change = { phone: '+49 30 123456', contactEmail: null };
  expect(updateCustomer).toHaveBeenCalledWith('c1', change, { accessToken: 'token', version: 3 });
  expect(page.querySelector('[role="status"]')?.textContent).toBe('Your details are saved.');

  updateCustomer.mockResolvedValueOnce({ ...anna, version: 5 });
  await save({ fullName: 'Anna Bø' });
  expect(updateCustomer).toHaveBeenLastCalledWith('c1', { fullName: 'Anna Bø' }, { accessToken: 'token', version: 4 });
});

it('says what is wrong at its field, keeps what was typed, and goes to the first mistake', async () => {
  const errors = [
    { field: 'contactEmail', code: 'email', message: 'for developers' },
    { field: 'phone', code: 'phone', message: 'for developers' },
  ];
  updateCustomer.mockRejectedValueOnce(refused('invalid_fields', errors));
  await save({ phone: 'call me', contactEmail: 'a@b' });
  for (const [name, told] of [
    ['phone', 'This is not a phone number'],
    ['contactEmail', 'This is not an e-mail address'],
  ] as const) {
    expect(input(name).getAttribute('aria-invalid')).toBe('true');
    const described = input(name).getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(described.map(id => document.getElementById(id)?.textContent).join(' ')).toContain(told);
  }
  expect(document.activeElement).toBe(input('phone'));
  expect(input('phone').value).toBe('call me');
  expect(input('fullName').hasAttribute('aria-invalid')).toBe(false);
  expect(page.querySelector('[role="alert"]')?.textContent).toBe('Please look at the marked fields.');
  expect(page.textContent).not.toContain('for developers');
});

it('has the record read again when it was changed elsewhere', async () => {
  updateCustomer.mockRejectedValueOnce(refused('version_conflict'));
  await save({ phone: '12345' });
  expect(onConflict).toHaveBeenCalledOnce();
  expect(page.querySelector('[role="alert"]')).toBeNull();
});

it.each([
  ['the service refuses', refused('permission_missing')],
  ['there is no token', new Error('login_required')],
])('says that nothing was changed when %s', async (_, error) => {
  updateCustomer.mockRejectedValueOnce(error);
  await save({ phone: '12345' });
  expect(page.querySelector('[role="alert"]')?.textContent).toBe('That did not work. Nothing was changed.');
  expect(page.querySelector('[role="status"]')?.textContent).toBe('');
});

it('is to be read only by whoever may not change it', async () => {
  await act(async () =>
    root.render(
      <I18nProvider i18n={setUpTexts()}>
        <ProfileForm customer={anna} mayUpdate={false} onConflict={onConflict} />
      </I18nProvider>,
    ),
  );
  expect(input('fullName').readOnly && input('phone').readOnly).toBe(true);
  expect(page.querySelector('button')).toBeNull();
});
