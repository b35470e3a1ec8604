import { ownPath, returnToOf } from '@app/auth/return-to';
import { expect, it } from 'vitest';

const place = (pathname: string, state: unknown = null) => ({ pathname, search: '', hash: '', state, key: '' });

it.each([
  ['/lists', '/lists'],
  ['/goods/tea-kettle?a=1#b', '/goods/tea-kettle?a=1#b'],
  ['https://shop.example/companies', '/companies'],
  [undefined, '/'],
  ['https://evil.example/lists', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['javascript:alert(1)', '/'],
  ['https://', '/'],
  ['/..//evil.example/a', '/evil.example/a'],
])('leads %s to %s', (returnTo, path) => expect(ownPath(returnTo)).toBe(path));

it('comes back to the page where the sign-in was started', () => {
  expect(returnToOf({ ...place('/goods/field-bag'), search: '?a=1', hash: '#b' })).toBe('/goods/field-bag?a=1#b');
});

it('comes back from the login page to where the guard turned away, never to the login page', () => {
  expect(returnToOf(place('/login', { from: '/lists' }))).toBe('/lists');
  expect(returnToOf(place('/login'))).toBe('/');
  expect(returnToOf(place('/login', { from: 7 }))).toBe('/');
});
