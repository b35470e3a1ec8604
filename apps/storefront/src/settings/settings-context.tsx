import { createContext, type ReactNode, useContext } from 'react';
import { defaults, type Settings } from './settings';

const SettingsContext = createContext<Settings>(defaults);

export const SettingsProvider = ({ settings, children }: { settings: Settings; children: ReactNode }) => (
  <SettingsContext value={settings}>{children}</SettingsContext>
);

export const useSettings = () => useContext(SettingsContext);
