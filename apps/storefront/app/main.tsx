import { I18nProvider } from '@lingui/react';
import { preferredLanguage, setUpTexts, speak } from '@src/i18n';
import { loadSettings } from '@src/settings';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { CannotStart } from './cannot-start';
import { Shop } from './shop';

const texts = setUpTexts();
// The settings may say otherwise; until then this is what will most likely be needed.
const guessed = speak(preferredLanguage());
const root = createRoot(document.getElementById('shop') as HTMLElement);

/** The settings come first: without them nobody knows where to sign in. */
async function start() {
  const shop = await loadSettings().then(
    async settings => {
      await guessed;
      await speak(preferredLanguage(settings.language));
      return (
        <BrowserRouter>
          <Shop settings={settings} />
        </BrowserRouter>
      );
    },
    async error => {
      await guessed;
      return <CannotStart error={error} onRetry={start} />;
    },
  );
  root.render(
    <StrictMode>
      <I18nProvider i18n={texts}>{shop}</I18nProvider>
    </StrictMode>,
  );
}

void start();
