import { i18n, type Messages } from '@lingui/core';
import en from '@src/locales/en.json';

/** The shop's texts. A further language is a further file beside `en.json` and a line here. */
const catalogs: Record<string, object> = { en };

export function setUpTexts(locale = 'en') {
  i18n.loadAndActivate({ locale, messages: catalogs[locale] as Messages });
  document.documentElement.lang = locale;
  return i18n;
}
