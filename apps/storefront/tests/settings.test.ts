import { buildTimeSettings } from '@src/settings/build-time';
import { loadSettings } from '@src/settings/load-settings';
import { defaults, mergeSettings } from '@src/settings/settings';
import { describe, expect, it, vi } from 'vitest';

const answer = (body: unknown, init: ResponseInit = {}) =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    headers: { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json' },
    ...init,
  });

describe('mergeSettings', () => {
  it('takes what is named and keeps the rest, within the features too', () => {
    const merged = mergeSettings(defaults, { shopName: 'Fjord', features: { register: true } });
    expect(merged).toEqual({
      ...defaults,
      shopName: 'Fjord',
      features: { register: true, embeddedLogin: false, rememberMe: false },
    });
  });

  it('leaves out what it does not know and what has no value', () => {
    expect(mergeSettings(defaults, { newerThanTheShop: 1, clientId: null, userScope: undefined })).toEqual(defaults);
  });

  it.each([
    [{ usePkce: 'true' }, 'usePkce must be a boolean'],
    [{ clientId: 7 }, 'clientId must be a string'],
    [{ features: true }, 'features must be an object'],
    [{ features: { register: 'yes' } }, 'features.register must be a boolean'],
    [[], 'settings must be an object'],
  ])('refuses %o by name', (over, message) => {
    expect(() => mergeSettings(defaults, over)).toThrow(message);
  });
});

describe('buildTimeSettings', () => {
  it('reads the variables of the build; a blank one counts as absent', () => {
    const settings = buildTimeSettings({
      VITE_AUTH_BASEURL: 'https://id.example/auth',
      VITE_AUTH_CLIENTID: '',
      VITE_USE_REFRESH_TOKENS: 'true',
      VITE_FEATURE_REGISTER: 'true',
      MODE: 'test',
    });
    expect(settings).toMatchObject({ authBaseUrl: 'https://id.example/auth', clientId: 'storefront' });
    expect(settings.useRefreshTokens).toBe(true);
    expect(settings.features.register).toBe(true);
  });

  it('refuses a switch that is neither true nor false', () => {
    expect(() => buildTimeSettings({ VITE_USE_PKCE: 'no' })).toThrow('VITE_USE_PKCE must be true or false');
  });
});

describe('loadSettings', () => {
  it('puts what the server says over what was built in', async () => {
    vi.stubGlobal('fetch', async () => answer({ clientId: 'another' }));
    expect(await loadSettings()).toMatchObject({ clientId: 'another', authBaseUrl: '/auth' });
  });

  it.each([
    ['nothing there', answer('none', { status: 404 })],
    ['the page of a file server', answer('<!doctype html>')],
  ])('does without the server: %s', async (_, response) => {
    vi.stubGlobal('fetch', async () => response);
    expect(await loadSettings()).toEqual(defaults);
  });

  it('does not start with guessed settings when the server fails', async () => {
    vi.stubGlobal('fetch', async () => answer({}, { status: 503 }));
    await expect(loadSettings()).rejects.toThrow('503');
  });
});
