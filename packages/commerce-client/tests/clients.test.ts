import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AccountClient, CommerceError, ItemListClient, TenantClient } from '../src/index.js';

const sent: { method: string; url: string; headers: Headers; body: unknown }[] = [];
let answer: () => Response;

beforeEach(() => {
  sent.length = 0;
  answer = () => new Response('{"content":[],"cursor":null}');
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    sent.push({
      method: init.method ?? '',
      url,
      headers: new Headers(init.headers),
      body: init.body ? JSON.parse(String(init.body)) : undefined,
    });
    return answer();
  });
});

describe('requests', () => {
  it('go to the services’ default places, and to others', async () => {
    await new TenantClient().getApplication({ url: 'https://shop.example/x?y=1' });
    await new AccountClient().getCustomersAccounts();
    await new ItemListClient({ baseURL: 'https://api.example/cart/' }).listItemLists('name==wishlist', {
      limit: 5,
      cursor: 'c',
    });
    expect(sent.map(({ url }) => url)).toEqual([
      '/api/tenant/applications/resolve?url=https%3A%2F%2Fshop.example%2Fx%3Fy%3D1',
      '/api/customer/accounts/mine',
      'https://api.example/cart/item-lists?cq=name%3D%3Dwishlist&limit=5&cursor=c',
    ]);
  });

  it('carry a bearer only when there is a token', async () => {
    const client = new ItemListClient();
    for (const accessToken of ['t', null, undefined, '']) await client.listItemLists('name==x', { accessToken });
    await client.listItemLists();
    expect(sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer t', null, null, null, null]);
    expect(sent.at(-1)?.url).toBe('/api/cart/item-lists');
  });

  it('are what each method says', async () => {
    answer = () => new Response('{}');
    const lists = new ItemListClient();
    const accounts = new AccountClient();
    const tenants = new TenantClient();
    await lists.createItemList({ name: 'wishlist' });
    await lists.getItemList('a/b');
    await lists.updateItemList('1', { name: 'n' });
    await lists.deleteItemList('1');
    await lists.listItems('1');
    await lists.addItem('1', { productId: 'p', name: 'n' });
    await lists.updateItem('1', '2', { quantity: 3 });
    await lists.removeItem('1', '2');
    await lists.updateItems('1', { change: [{ id: '2', quantity: 4 }], remove: ['3'] });
    await lists.listItemLists(undefined, { visibility: 'PUBLIC', cursor: null });
    await accounts.getAccountsOfCustomer('c');
    await accounts.getCustomer('c');
    await tenants.getApplication({ id: 'x' });
    await tenants.getApplication({ token: 't' });
    await tenants.resolveApplication({ id: 'x' });
    expect(sent.map(({ method, url, body }) => [method, url, body])).toEqual([
      ['POST', '/api/cart/item-lists', { name: 'wishlist' }],
      ['GET', '/api/cart/item-lists/a%2Fb', undefined],
      ['PATCH', '/api/cart/item-lists/1', { name: 'n' }],
      ['DELETE', '/api/cart/item-lists/1', undefined],
      ['GET', '/api/cart/item-lists/1/items', undefined],
      ['POST', '/api/cart/item-lists/1/items', { productId: 'p', name: 'n' }],
      ['PATCH', '/api/cart/item-lists/1/items/2', { quantity: 3 }],
      ['DELETE', '/api/cart/item-lists/1/items/2', undefined],
      ['PATCH', '/api/cart/item-lists/1/items', { change: [{ id: '2', quantity: 4 }], remove: ['3'] }],
      ['GET', '/api/cart/item-lists?visibility=PUBLIC', undefined],
      ['GET', '/api/customer/accounts/customer/c', undefined],
      ['GET', '/api/customer/customers/c', undefined],
      ['GET', '/api/tenant/applications/x', undefined],
      ['GET', '/api/tenant/applications/resolve?token=t', undefined],
      ['GET', '/api/tenant/applications/resolve?id=x', undefined],
    ]);
  });
});

it('a change of a customer is a merge patch, for one version when that is named', async () => {
  answer = () => new Response('{}');
  const accounts = new AccountClient();
  await accounts.updateCustomer('c', { phone: null }, { accessToken: 't', version: 0 });
  await accounts.updateCustomer('c', { fullName: 'Anna' });
  const told = sent.map(({ method, url, headers, body }) => [
    `${method} ${url}`,
    headers.get('content-type'),
    headers.get('if-match'),
    body,
  ]);
  const type = 'application/merge-patch+json';
  expect(told).toEqual([
    ['PATCH /api/customer/customers/c', type, '"0"', { phone: null }],
    ['PATCH /api/customer/customers/c', type, null, { fullName: 'Anna' }],
  ]);
});

describe('answers', () => {
  it('come back as they are; an empty one is undefined', async () => {
    answer = () => new Response('{"content":[{"id":"1"}],"cursor":"n"}');
    expect(await new ItemListClient().listItemLists()).toEqual({ content: [{ id: '1' }], cursor: 'n' });
    answer = () => new Response(null, { status: 204 });
    expect(await new ItemListClient().deleteItemList('1')).toBeUndefined();
  });

  it('that refuse carry the problem', async () => {
    const problem = {
      type: 'urn:linden:problem:forbidden',
      title: 'Not allowed',
      status: 403,
      detail: 'No permission',
      request_id: 'r1',
      errors: [{ field: 'name', code: 'blank' }],
    };
    answer = () => new Response(JSON.stringify(problem), { status: 403 });
    const error = await new AccountClient().getCustomersAccounts().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CommerceError);
    expect(error).toMatchObject({
      code: 'forbidden',
      status: 403,
      requestId: 'r1',
      errors: problem.errors,
      message: 'No permission',
      problem,
    });
  });

  it.each([
    ['an answer that is no JSON', () => new Response('<html>', { status: 502 }), { status: 502, code: 'http_502' }],
    ['a broken success', () => new Response('{', { status: 200 }), { status: 200 }],
    [
      'no answer',
      () => {
        throw new TypeError('Failed to fetch');
      },
      { status: 0, code: 'network' },
    ],
  ])('%s is an error too', async (_, given, expected) => {
    answer = given;
    await expect(new AccountClient().getCustomersAccounts()).rejects.toMatchObject(expected);
  });

  it('that nobody waits for any more reject with the abort', async () => {
    const signal = AbortSignal.abort();
    await expect(new ItemListClient().listItemLists(undefined, { signal })).rejects.toBe(signal.reason);
  });
});
