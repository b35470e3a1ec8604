import type { Core } from '../core.js';
import { LEAVING } from '../durations.js';
import { loginWithRedirect } from '../redirect-login/login-with-redirect.js';
import { hasRedirectAnswer } from '../redirect-login/redirect-callback.js';

/** Whether this load has asked, or is the answer: at most one round trip a load. */
let isAsked: boolean | undefined;

/** Asks without a form by navigating the page itself, back to where it is. Over only if the page stays. */
export async function navigatingLogin(core: Core): Promise<void> {
  const [load] = performance.getEntriesByType('navigation');
  if (isAsked || !load || hasRedirectAnswer(new URL(load.name).search)) return;
  isAsked = true;
  await loginWithRedirect(core, {
    prompt: 'none',
    appState: { returnTo: location.pathname + location.search + location.hash },
  });
  await new Promise(stayed => setTimeout(stayed, LEAVING));
}
