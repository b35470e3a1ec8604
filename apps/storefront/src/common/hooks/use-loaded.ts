import { useCallback, useEffect, useState } from 'react';

interface Loaded<T> {
  /** The last good answer; it stays while a newer one is under way. */
  value: T | undefined;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
}

/**
 * Loads when shown, again with another `load` and on `reload()`. `load` must be stable (`useCallback`); while it is
 * undefined nothing is asked for yet.
 */
export function useLoaded<T>(load: ((signal: AbortSignal) => Promise<T>) | undefined): Loaded<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    error: undefined,
    isLoading: true,
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks anew.
  useEffect(() => {
    if (!load) return;
    const { signal, abort } = abortable();
    setState(({ value }) => ({ value, error: undefined, isLoading: true }));
    load(signal).then(
      value => signal.aborted || setState({ value, error: undefined, isLoading: false }),
      error => signal.aborted || setState(({ value }) => ({ value, error, isLoading: false })),
    );
    return abort;
  }, [load, round]);

  return { ...state, reload: useCallback(() => setRound(round => round + 1), []) };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
