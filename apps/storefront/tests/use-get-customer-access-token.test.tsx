import { useGetCustomerAccessToken } from '@app/auth/hooks/use-get-customer-access-token';
import { useAuth } from '@linden/auth-react';
import { CsrProvider } from '@src/csr/context';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

vi.mock('@linden/auth-react', () => ({ useAuth: vi.fn() }));

const getAccessToken = vi.fn(async (_options: object) => 'token');
const guest = { isAuthenticated: false, user: undefined };
const anna = { isAuthenticated: true, user: { sub: 'anna' } };
const csr = (impersonation: string) => ({
  isAuthenticated: true,
  user: { sub: 'anna', act: { csr_user_id: 'kim', impersonation } },
});

type Get = ReturnType<typeof useGetCustomerAccessToken>;
let get: Get;
let root: ReturnType<typeof createRoot>;

function Probe() {
  get = useGetCustomerAccessToken();
  return null;
}

async function renderFor(auth: object) {
  vi.mocked(useAuth).mockReturnValue({ ...auth, getAccessToken } as unknown as ReturnType<typeof useAuth>);
  await act(async () =>
    root.render(
      <CsrProvider>
        <Probe />
      </CsrProvider>,
    ),
  );
}

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  getAccessToken.mockReset().mockResolvedValue('token');
  root = createRoot(document.createElement('div'));
});
afterEach(() => act(() => root.unmount()));

it('gives guests null and asks nobody', async () => {
  await renderFor(guest);
  expect(await get()).toBeNull();
  expect(getAccessToken).not.toHaveBeenCalled();
});

it('stays the same function and yet sees who signed in since', async () => {
  await renderFor(guest);
  const first = get;
  await renderFor(anna);
  expect(get).toBe(first);
  expect(await first({ scope: 'USER' })).toBe('token');
  expect(getAccessToken).toHaveBeenCalledWith({ scope: 'USER' });
});

it('rejects when a token cannot be had, instead of going on as a guest', async () => {
  await renderFor(anna);
  getAccessToken.mockRejectedValue(new Error('offline'));
  await expect(get()).rejects.toThrow('offline');
});

it('asks for the scope of customer service once', async () => {
  await renderFor(csr('CUSTOMER'));
  await get();
  await get({ scope: 'USER' });
  await get({ scope: 'CSR USER' });
  await get({ scope: ['USER'] });
  expect(getAccessToken.mock.calls.map(([options]) => options)).toEqual([
    { scope: 'CSR' },
    { scope: 'CSR USER' },
    { scope: 'CSR USER' },
    { scope: 'CSR USER' },
  ]);
});

it('lets customer service look around as a guest', async () => {
  await renderFor(csr('ANONYMOUS'));
  expect(await get()).toBeNull();
});
