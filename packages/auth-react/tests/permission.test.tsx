import type { UserOperations } from '@linden/auth-web';
import { act, StrictMode, useState } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { json, newWorld, type World } from '../../auth-web/tests/world.js';
import { type AuthContextValue, AuthProvider, useAuth } from '../src/index.js';
import { usePermission, useUserOperations } from '../src/permission/index.js';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let world: World;
let root: Root;
let auth: AuthContextValue;
/** Draws a button that was not there when the rights were asked for. */
let showMore: () => void;
/** What the server says of rights, by account. */
let rights: Record<string, UserOperations | number>;

function Button({ permission, scope }: { permission: string; scope?: string }) {
  return usePermission(permission, scope) ? <button type="button">{permission}</button> : null;
}

function Page() {
  auth = useAuth();
  const [isLate, setLate] = useState(false);
  showMore = () => setLate(true);
  return (
    <>
      <Button permission="UPDATE_CUSTOMER" />
      <Button permission="DELETE_ITEM_LIST" />
      <Button permission="READ_PAYMENT" />
      <p>{Object.keys(useUserOperations() ?? {}).join()}</p>
      {isLate && <Button permission="CREATE_ITEM_LIST" />}
    </>
  );
}

const app = (accountId?: string) => (
  <StrictMode>
    <AuthProvider {...world.options} accountId={accountId} scope="USER CUSTOMER">
      <Page />
    </AuthProvider>
  </StrictMode>
);
const buttons = () => [...document.querySelectorAll('button')].map(button => button.textContent);
const asked = () => world.seen.filter(({ url }) => url.pathname === '/auth/user-operations');
const until = async (assert: () => void) => {
  for (let tries = 400; ; tries--) {
    await act(() => new Promise<void>(done => setTimeout(done, 5)));
    try {
      return assert();
    } catch (error) {
      if (!tries) throw error;
    }
  }
};
const show = async (accountId?: string) => {
  await act(async () => root.render(app(accountId)));
  await until(() => expect(auth.didAuthenticationCheck).toBe(true));
};

beforeEach(() => {
  world = newWorld();
  rights = { '': { CUSTOMER: ['READ', 'UPDATE'], ITEM_LIST: ['READ', 'CREATE', 'UPDATE', 'DELETE', 'ALL'] } };
  world.answer = ({ url }) => {
    if (url.pathname !== '/auth/user-operations') return undefined;
    const answer = rights[url.searchParams.get('accountId') ?? ''] ?? {};
    return typeof answer === 'number' ? json(answer, {}) : json(200, answer);
  };
  root = createRoot(document.body.appendChild(document.createElement('div')));
});
afterEach(async () => {
  await act(async () => root.unmount());
  document.body.replaceChildren();
  window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }));
});

it('shows what the user may do, by one request for the whole page', async () => {
  await show();
  await until(() => expect(buttons()).toEqual(['UPDATE_CUSTOMER', 'DELETE_ITEM_LIST']));
  expect(document.querySelector('p')?.textContent).toBe('CUSTOMER,ITEM_LIST');
  await act(async () => showMore());
  await until(() => expect(buttons()).toContain('CREATE_ITEM_LIST'));
  expect(asked().map(({ url }) => url.searchParams.get('scope'))).toEqual(['USER CUSTOMER']);
});

it('shows nothing to guests, and asks nothing', async () => {
  world.user = undefined;
  await show();
  expect([buttons(), asked()]).toEqual([[], []]);
});

it('shows nothing while it is not known, on a server neither', async () => {
  expect(renderToString(app())).toBe('<p></p>');
  rights[''] = 500;
  await show();
  await until(() => expect(asked().length).toBeGreaterThan(0));
  expect(buttons()).toEqual([]);
});

it('asks again after a failure when somebody next wants to know', async () => {
  const known = rights[''] as UserOperations;
  rights[''] = 503;
  await show();
  await until(() => expect(asked().length).toBeGreaterThan(0));
  rights[''] = known;
  await act(async () => showMore());
  await until(() => expect(buttons()).toEqual(['CREATE_ITEM_LIST']));
});

it('asks anew for another account, and keeps nothing of the last one on the page', async () => {
  rights.north = { ITEM_LIST: ['READ'] };
  await show();
  await until(() => expect(buttons()).toHaveLength(2));
  await act(async () => root.render(app('north')));
  await until(() => expect(document.querySelector('p')?.textContent).toBe('ITEM_LIST'));
  expect(buttons()).toEqual([]);
  await act(async () => root.render(app()));
  await until(() => expect(buttons()).toHaveLength(2));
  expect(asked()).toHaveLength(2);
});

it('never shows the next person what the one before may do', async () => {
  await show();
  await until(() => expect(buttons()).toHaveLength(2));
  rights[''] = { CUSTOMER: ['READ'] };
  world.user = { sub: 'ben', sid: 's2', username: 'ben' };
  await act(() => auth.getAccessToken({ ignoreCache: true }).catch(() => ''));
  await until(() => expect(auth.user?.username).toBe('ben'));
  expect(buttons()).toEqual([]);
  await until(() => expect(document.querySelector('p')?.textContent).toBe('CUSTOMER'));
  expect(buttons()).toEqual([]);
});
