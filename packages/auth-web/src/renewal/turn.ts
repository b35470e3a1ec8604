/**
 * One at a time: in this tab by a chain, among tabs by a Web Lock. The lock is held for one renewal at most, never while listeners run,
 * and given back after `HOLD` even if the renewal still waits: a race at the server is better than tabs that hang.
 */
const WAIT = 15_000;
const HOLD = 15_000;

/** `work` learns whether another tab had the turn before. */
async function locked<T>(name: string, work: (waited: boolean) => Promise<T>): Promise<T> {
  let result: Promise<T> | undefined;
  const start = (waited: boolean) => {
    result = work(waited);
    return Promise.race([result.catch(() => {}), new Promise(done => setTimeout(done, HOLD))]);
  };
  const { locks } = navigator;
  try {
    await locks.request(name, { ifAvailable: true }, lock => lock && start(false));
    if (!result) await locks.request(name, { signal: AbortSignal.timeout(WAIT) }, () => start(true));
  } catch {
    // Not granted in time, or locks are missing or forbidden here: go on without.
  }
  return result ?? work(!!locks);
}

export function turns(name: () => string): <T>(work: (waited: boolean) => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return work => {
    const turn = last.then(() => locked(name(), work));
    last = turn.catch(() => {});
    return turn;
  };
}
