import { chooseLanguage, LANGUAGES, type Language, useLanguage, useText } from '@src/i18n';

const OFFERED = Object.entries(LANGUAGES) as [Language, string][];

/** Each language by its own name, so that it is found by those who read no other. */
export function LanguageSwitch() {
  const spoken = useLanguage();
  const text = useText();
  return (
    <ul aria-label={text('footer.language')} className="languages">
      {OFFERED.map(([language, name]) => (
        <li key={language}>
          <button
            aria-pressed={language === spoken}
            className="link"
            lang={language}
            onClick={() => chooseLanguage(language)}
            type="button"
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}
