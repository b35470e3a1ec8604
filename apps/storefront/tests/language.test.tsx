import { LanguageSwitch } from '@app/layout/components/language-switch';
import { I18nProvider } from '@lingui/react';
import { formatPrice, preferredLanguage, setUpTexts, speak, Text } from '@src/i18n';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const browserPrefers = (...languages: string[]) => vi.spyOn(navigator, 'languages', 'get').mockReturnValue(languages);

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => setUpTexts());

describe('the language of the shop', () => {
  it.each([
    [['de-CH', 'en'], 'de'],
    [['fr', 'en-GB', 'de'], 'en'],
    [['DE'], 'de'],
    [['fr', 'tlh'], 'en'],
    [['constructor', '__proto__', '', '*'], 'en'],
    [[], 'en'],
  ])('is the first of the browser that there is: %o', (languages, language) => {
    browserPrefers(...languages);
    expect(preferredLanguage()).toBe(language);
  });

  it('is the one of the setting, and before it the one that was chosen', () => {
    browserPrefers('en');
    expect(preferredLanguage('de')).toBe('de');
    localStorage.setItem('linden.language', 'en');
    expect(preferredLanguage('de')).toBe('en');
    localStorage.setItem('linden.language', '"><script>');
    expect(preferredLanguage('de')).toBe('de');
  });

  it('can be had where the browser keeps nothing', () => {
    browserPrefers('de');
    vi.spyOn(Storage.prototype, 'getItem').mockImplementation(() => {
      throw new DOMException('no storage', 'SecurityError');
    });
    expect(preferredLanguage()).toBe('de');
  });
});

describe('the switch', () => {
  it('changes texts, prices and the language of the document at once, and is remembered', async () => {
    browserPrefers('en');
    const page = document.body.appendChild(document.createElement('div'));
    const root = createRoot(page);
    await act(async () =>
      root.render(
        <I18nProvider i18n={setUpTexts()}>
          <LanguageSwitch />
          <Text id="nav.dashboard" />
        </I18nProvider>,
      ),
    );
    const buttons = () => [...page.querySelectorAll('button')];
    expect(buttons().map(button => [button.textContent, button.lang, button.ariaPressed])).toEqual([
      ['English', 'en', 'true'],
      ['Deutsch', 'de', 'false'],
    ]);
    expect(page.textContent).toContain('Dashboard');
    expect(formatPrice(1_800)).toBe('€18.00');

    await act(async () => {
      buttons()[1]?.click();
      await vi.waitFor(() => expect(document.documentElement.lang).toBe('de'));
    });
    expect(page.textContent).toContain('Übersicht');
    expect(page.querySelector('ul')?.getAttribute('aria-label')).toBe('Sprache');
    expect(buttons().map(button => button.ariaPressed)).toEqual(['false', 'true']);
    expect(formatPrice(1_800)).toBe('18,00\u00a0€');
    expect(preferredLanguage()).toBe('de');
    await act(() => root.unmount());
    page.remove();
  });

  it('is what it was when asked for what is spoken already', async () => {
    setUpTexts();
    await speak('en');
    expect(document.documentElement.lang).toBe('en');
  });
});
