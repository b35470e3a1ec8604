/**
 * What a deployment decides. A value comes from the last place that names it: the defaults here, a `VITE_` variable of
 * the build, `/config.json` of the server. README.md has the table.
 */
export interface Settings {
  shopName: string;
  /** The language of visitors who chose none, such as `de`; empty: the browser's. */
  language: string;
  /** Where `/api` lies; empty: the shop's own origin. */
  apiOrigin: string;
  authBaseUrl: string;
  /** Where sign-in and sign-out come back to; empty: the shop's home page. */
  redirectUri: string;
  /** Empty: `/silent-callback.html` of the shop. */
  silentRedirectUri: string;
  clientId: string;
  userScope: string;
  credentials: boolean;
  usePkce: boolean;
  useRefreshTokens: boolean;
  useRefreshTokensWithLocalStorage: boolean;
  useRefreshTokensWithSessionStorage: boolean;
  fetchUserOperationsWithAccessToken: boolean;
  /** What the server offers. The shop shows no button for the rest. */
  features: Features;
}

export interface Features {
  register: boolean;
  embeddedLogin: boolean;
  rememberMe: boolean;
}

export const defaults: Settings = {
  shopName: 'Linden',
  language: '',
  apiOrigin: '',
  authBaseUrl: '/auth',
  redirectUri: '',
  silentRedirectUri: '',
  clientId: 'storefront',
  userScope: 'USER CUSTOMER',
  credentials: true,
  usePkce: true,
  useRefreshTokens: false,
  useRefreshTokensWithLocalStorage: false,
  useRefreshTokensWithSessionStorage: false,
  fetchUserOperationsWithAccessToken: false,
  features: { register: false, embeddedLogin: false, rememberMe: false },
};

/** A setting with a value that makes no sense. The message names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

type Flat = Record<string, unknown>;
const isObject = (value: unknown): value is Flat =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged<T extends object>(known: T, over: unknown, place: string): T {
  if (!isObject(over)) throw new SettingsError(`${place || 'settings'} must be an object`);
  const entries = Object.entries(known).map(([name, value]) => {
    const given = over[name];
    const path = place ? `${place}.${name}` : name;
    if (given === undefined || given === null) return [name, value];
    if (isObject(value)) return [name, merged(value, given, path)];
    if (typeof given !== typeof value) throw new SettingsError(`${path} must be a ${typeof value}`);
    return [name, given];
  });
  return Object.fromEntries(entries) as T;
}

/** `over` wins where it names a setting; names that are not known here are left out: the server may be newer than the shop. */
export const mergeSettings = (known: Settings, over: unknown): Settings => merged(known, over, '');
