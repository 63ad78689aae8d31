import type { Transport } from '@roundtable/participant';

const patienceMs = 6_000;

/**
 * Tells the hub that the consent is withdrawn. Where the hub cannot be reached in a few seconds it
 * gives up: what is kept on this device is deleted all the same.
 * @returns whether the hub heard it
 */
export async function leaveFederation(
  transport: Transport,
  federationId: string,
): Promise<boolean> {
  const heard = new Promise<boolean>((resolve) => {
    setTimeout(() => {
      resolve(false);
    }, patienceMs);
    transport.connect({
      onConnectionChange: (isConnected) => {
        if (!isConnected) return;
        transport.request('federation:leave', { federationId }).then(
          () => {
            resolve(true);
          },
          () => {
            resolve(false);
          },
        );
      },
      onMessage: () => undefined,
    });
  });
  const wasHeard = await heard;
  transport.disconnect();
  return wasHeard;
}
