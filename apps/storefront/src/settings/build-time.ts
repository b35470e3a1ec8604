import { defaults, mergeSettings, type Settings, SettingsError } from './settings';

type Environment = Readonly<Record<string, unknown>>;

const VARIABLES = {
  VITE_SHOP_NAME: 'shopName',
  VITE_LANGUAGE: 'language',
  VITE_API_ORIGIN: 'apiOrigin',
  VITE_AUTH_BASEURL: 'authBaseUrl',
  VITE_AUTH_REDIRECT_URI: 'redirectUri',
  VITE_AUTH_SILENT_REDIRECT_URI: 'silentRedirectUri',
  VITE_AUTH_CLIENTID: 'clientId',
  VITE_AUTH_USERSCOPE: 'userScope',
  VITE_AUTH_CREDENTIALS: 'credentials',
  VITE_USE_PKCE: 'usePkce',
  VITE_USE_REFRESH_TOKENS: 'useRefreshTokens',
  VITE_USE_REFRESH_TOKENS_WITH_LOCAL_STORAGE: 'useRefreshTokensWithLocalStorage',
  VITE_USE_REFRESH_TOKENS_WITH_SESSION_STORAGE: 'useRefreshTokensWithSessionStorage',
  VITE_FETCH_USER_OPERATIONS_WITH_ACCESS_TOKEN: 'fetchUserOperationsWithAccessToken',
} as const satisfies Record<string, Exclude<keyof Settings, 'features'>>;

const FEATURES = {
  VITE_FEATURE_REGISTER: 'register',
  VITE_FEATURE_EMBEDDED_LOGIN: 'embeddedLogin',
  VITE_FEATURE_REMEMBER_ME: 'rememberMe',
} as const satisfies Record<string, keyof Settings['features']>;

/** A variable holds text; a blank one counts as absent. */
function parsed(variable: string, text: unknown, example: unknown): unknown {
  if (text === undefined || text === '') return undefined;
  if (typeof example !== 'boolean') return text;
  if (text !== 'true' && text !== 'false') throw new SettingsError(`${variable} must be true or false`);
  return text === 'true';
}

/** The settings that were fixed when the shop was built. */
export function buildTimeSettings(environment: Environment): Settings {
  const features = Object.entries(FEATURES).map(([variable, name]) => [
    name,
    parsed(variable, environment[variable], defaults.features[name]),
  ]);
  const others = Object.entries(VARIABLES).map(([variable, name]) => [
    name,
    parsed(variable, environment[variable], defaults[name]),
  ]);
  return mergeSettings(defaults, { ...Object.fromEntries(others), features: Object.fromEntries(features) });
}
