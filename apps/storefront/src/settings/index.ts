export { loadSettings } from './load-settings';
export type { Features, Settings } from './settings';
export { SettingsProvider, useSettings } from './settings-context';
