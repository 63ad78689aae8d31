import { useEffect, useState } from 'react';
import { useLive } from './live-store.ts';

/** The hub's clock, renewed once a second. */
export function useHubNow(): number {
  const offset = useLive((s) => s.clockOffsetMs);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, 1_000);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now + offset;
}
