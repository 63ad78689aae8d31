import { useEffect, useRef, useState } from 'react';
import type { SpeedAnswer } from './speed-worker.ts';

/** How fast this device multiplies matrices, as far as it is known. */
export type DeviceSpeed = { kind: 'unknown' } | SpeedAnswer;

/** Measures this device in a worker, on demand; leaving the page or cancelling ends it. */
export function useDeviceSpeed(): {
  speed: DeviceSpeed;
  measure: () => void;
  cancel: () => void;
} {
  const [speed, setSpeed] = useState<DeviceSpeed>({ kind: 'unknown' });
  const worker = useRef<Worker | null>(null);
  const end = (): void => {
    worker.current?.terminate();
    worker.current = null;
  };
  useEffect(() => end, []);
  const measure = (): void => {
    end();
    setSpeed({ kind: 'progress', done: 0, of: 1 });
    const started = new Worker(new URL('./speed-worker.ts', import.meta.url), {
      type: 'module',
      name: 'device-speed',
    });
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<SpeedAnswer>) => {
      setSpeed(data);
      if (data.kind !== 'progress') end();
    };
    started.onerror = (event) => {
      setSpeed({ kind: 'failed', detail: event.message });
      end();
    };
  };
  const cancel = (): void => {
    end();
    setSpeed({ kind: 'unknown' });
  };
  return { speed, measure, cancel };
}
