const seatName = 'roundtable-contributor';

/**
 * Takes this browser's only seat. Where another tab holds it, `onWaiting` is called and the promise
 * resolves when that tab is gone. The seat is kept until the worker ends.
 */
export async function takeSeat(onWaiting: () => void): Promise<void> {
  // Absent outside secure contexts, where the page refuses before.
  const locks = Reflect.get(navigator, 'locks') as LockManager | undefined;
  if (!locks) return;
  const forever = new Promise<never>(() => undefined);
  await new Promise<void>((resolve) => {
    const hold = () => {
      resolve();
      return forever;
    };
    void locks.request(seatName, { ifAvailable: true }, (lock) => {
      if (lock) return hold();
      onWaiting();
      void locks.request(seatName, hold);
      return undefined;
    });
  });
}
