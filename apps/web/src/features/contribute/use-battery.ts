import { useEffect, useState } from 'react';
import type { Send } from './worker-client.ts';

/** The Battery Status API, which TypeScript's DOM library does not declare. */
interface Battery extends EventTarget {
  readonly charging: boolean;
}

function batteryApi(): (() => Promise<Battery>) | null {
  const get: unknown = Reflect.get(navigator, 'getBattery');
  return typeof get === 'function' ? () => get.call(navigator) as Promise<Battery> : null;
}

/** Tells the worker about the battery; `hasBattery` is null where the browser does not say. */
export function useBattery(send: Send): {
  isKnown: boolean;
  pauseOnBattery: boolean;
  setPauseOnBattery: (pause: boolean) => void;
} {
  const [isDischarging, setDischarging] = useState<boolean | null>(null);
  const [pauseOnBattery, setPauseOnBattery] = useState(true);
  useEffect(() => {
    let battery: Battery | null = null;
    let isGone = false;
    const read = () => {
      if (battery) setDischarging(!battery.charging);
    };
    batteryApi()?.()
      .then((found) => {
        if (isGone) return;
        battery = found;
        battery.addEventListener('chargingchange', read);
        read();
      })
      .catch(() => undefined);
    return () => {
      isGone = true;
      battery?.removeEventListener('chargingchange', read);
    };
  }, []);
  useEffect(() => {
    if (isDischarging !== null) send({ kind: 'set-battery', isDischarging, pauseOnBattery });
  }, [send, isDischarging, pauseOnBattery]);
  return { isKnown: isDischarging !== null, pauseOnBattery, setPauseOnBattery };
}
