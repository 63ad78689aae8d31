import type { BackendName, DeviceState, FatalReason, WorkerEvent } from '../messages.ts';
import { FaultWatch } from './fault-watch.ts';
import { measureGigaflops, speedOf } from './speed-test.ts';
import type { StartedBackend } from './start-backend.ts';
import { startBackend } from './start-backend.ts';

export interface RunningBackend extends StartedBackend {
  faults: FaultWatch;
}

/** Starts the backend once and tells what this device can do. */
export class DeviceDesk {
  readonly #forced: BackendName | null;
  readonly #post: (event: WorkerEvent) => void;
  readonly #onFault: (reason: FatalReason, detail: string) => void;
  #backend: Promise<RunningBackend> | null = null;
  #isChecking = false;

  constructor(
    forced: BackendName | null,
    post: (event: WorkerEvent) => void,
    onFault: (reason: FatalReason, detail: string) => void,
  ) {
    this.#forced = forced;
    this.#post = post;
    this.#onFault = onFault;
  }

  /** @throws where no backend computes correctly */
  backend(): Promise<RunningBackend> {
    this.#backend ??= startBackend(this.#forced).then((started) => ({
      ...started,
      faults: new FaultWatch(started.gpuDevice, this.#onFault),
    }));
    return this.#backend;
  }

  async check(): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#show({ kind: 'checking' });
    try {
      const { name, why, adapterName, faults } = await this.backend();
      const gigaflops = await measureGigaflops(() => performance.now());
      await faults.settle();
      this.#show({
        kind: 'checked',
        backend: name,
        why,
        adapterName,
        gigaflops,
        speed: speedOf(gigaflops),
        memoryGiB: deviceMemory(),
        freeStorageBytes: await freeStorage(),
      });
    } catch (error) {
      this.#show({
        kind: 'unusable',
        detail: error instanceof Error ? error.message : String(error),
      });
    } finally {
      this.#isChecking = false;
    }
  }

  #show(device: DeviceState): void {
    this.#post({ kind: 'device', device });
  }
}

function deviceMemory(): number | null {
  const memory: unknown = Reflect.get(navigator, 'deviceMemory');
  return typeof memory === 'number' ? memory : null;
}

async function freeStorage(): Promise<number | null> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
  } catch {
    return null;
  }
}
