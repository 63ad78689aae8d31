import type { FingerprintStore } from '@roundtable/privacy';
import type { RoundtableDatabase } from './database.ts';
import { deviceMac } from './device-keys.ts';

/** Fingerprints of this device's data sets, in IndexedDB; deleting the data does not delete them. */
export function indexedFingerprintStore(database: RoundtableDatabase): FingerprintStore {
  let mac: ReturnType<typeof deviceMac> | null = null;
  return {
    mac: async (bytes) => {
      mac ??= deviceMac(database);
      return (await mac)(bytes);
    },
    save: async (set) => {
      const write = database.transaction('fingerprints', 'readwrite', { durability: 'strict' });
      await Promise.all([write.store.put(set, set.dataSetId), write.done]);
    },
    list: () => database.getAll('fingerprints'),
  };
}
