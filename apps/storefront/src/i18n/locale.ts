import { i18n, type Messages } from '@lingui/core';
import en from '@src/locales/en.json';

/** The languages of the shop, each by its own name. A further one is a file beside `en.json` and a line here and below. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;

export type Language = keyof typeof LANGUAGES;

/** English travels with the shop: it is there when another catalog cannot be had. */
const CATALOGS: Record<Language, () => Promise<{ default: object }>> = {
  en: async () => ({ default: en }),
  de: () => import('@src/locales/de.json'),
};

const KEPT = 'linden.language';

const isLanguage = (tag: unknown): tag is Language => typeof tag === 'string' && Object.hasOwn(LANGUAGES, tag);

/** The shop's language of a BCP 47 tag: of `de-CH` it is `de`. */
const languageOf = (tag: string): Language | undefined => {
  const [language] = tag.toLowerCase().split('-');
  return isLanguage(language) ? language : undefined;
};

/** What the visitor chose on an earlier visit. A browser that keeps nothing remembers nothing. */
function keptLanguage(): string {
  try {
    return localStorage.getItem(KEPT) ?? '';
  } catch {
    return '';
  }
}

function keepLanguage(language: Language) {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // It then holds until the page is left.
  }
}

/** The visitor's choice, else the shop's setting, else the first of the browser's languages that there is. */
export function preferredLanguage(setting = ''): Language {
  const wishes = [keptLanguage(), setting, ...navigator.languages];
  return wishes.map(languageOf).find(language => language !== undefined) ?? 'en';
}

function activate(language: Language, texts: object) {
  i18n.loadAndActivate({ locale: language, messages: texts as Messages });
  document.documentElement.lang = language;
}

/** Begins in English, which needs nothing to be loaded. */
export function setUpTexts() {
  activate('en', en);
  return i18n;
}

/** Goes on in a language. When its texts cannot be had, the language stays as it is. */
export async function speak(language: Language) {
  const texts = await CATALOGS[language]().catch(() => undefined);
  if (texts) activate(language, texts.default);
}

/** The visitor chooses a language, for this visit and the next. */
export async function chooseLanguage(language: Language) {
  keepLanguage(language);
  await speak(language);
}
