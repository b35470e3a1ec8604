import { LEAVING } from '../durations.js';
import { requirePage } from '../page.js';

let leavingUntil = 0;

/** The page is here again, from the back/forward cache: nothing is under way any more. */
function returned({ persisted }: PageTransitionEvent): void {
  if (persisted) leavingUntil = 0;
}

/** Lets one navigation of this page happen at a time; what is asked for while the page is going does nothing. */
export async function leave(go: () => Promise<void>): Promise<void> {
  requirePage();
  if (performance.now() < leavingUntil) return;
  leavingUntil = performance.now() + LEAVING;
  addEventListener('pageshow', returned);
  try {
    await go();
  } catch (error) {
    leavingUntil = 0;
    throw error;
  }
}
