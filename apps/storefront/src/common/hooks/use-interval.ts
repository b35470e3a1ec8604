import { useEffect } from 'react';
import { useNewest } from './use-newest';

export function useInterval(work: () => void, milliseconds: number) {
  const newest = useNewest(work);
  useEffect(() => {
    const timer = setInterval(() => newest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, newest]);
}
