import { I18nProvider } from '@lingui/react';
import { setUpTexts } from '@src/i18n';
import { loadSettings } from '@src/settings';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { CannotStart } from './cannot-start';
import { Shop } from './shop';

const texts = setUpTexts();
const root = createRoot(document.getElementById('shop') as HTMLElement);

/** The settings come first: without them nobody knows where to sign in. */
async function start() {
  const shop = await loadSettings().then(
    settings => (
      <BrowserRouter>
        <Shop settings={settings} />
      </BrowserRouter>
    ),
    error => <CannotStart error={error} onRetry={start} />,
  );
  root.render(
    <StrictMode>
      <I18nProvider i18n={texts}>{shop}</I18nProvider>
    </StrictMode>,
  );
}

void start();
