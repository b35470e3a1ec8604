import { useLayoutEffect, useRef } from 'react';

/** The value of the last rendering, for functions that must stay the same ones yet see what is new. */
export function useNewest<T>(value: T) {
  const newest = useRef(value);
  useLayoutEffect(() => {
    newest.current = value;
  });
  return newest;
}
