/**
 * Does something in one of the shop's tabs, whichever comes first. The lock is held for as long as this page stays, so
 * that the others leave it be; they hear of the outcome. Without locks each tab acts for itself.
 */
export async function inOneTab(name: string, work: () => unknown): Promise<void> {
  if (!navigator.locks) return void work();
  await navigator.locks.request(name, { ifAvailable: true }, async lock => {
    if (!lock) return;
    await work();
    await new Promise(resolve => setTimeout(resolve, HELD));
  });
}

/** Longer than any navigation takes; if none comes, the next attempt is free again. */
const HELD = 10_000;
