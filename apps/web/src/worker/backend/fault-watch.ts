import type { FatalReason } from '../messages.ts';

/**
 * Watches a GPU device. tfjs does not throw on an invalid shader or a lost device: results become
 * zeros. So after the first sign nothing may be used any more.
 */
export class FaultWatch {
  readonly #device: GPUDevice | null;
  #fault: { reason: FatalReason; detail: string } | null = null;

  constructor(device: GPUDevice | null, onFault: (reason: FatalReason, detail: string) => void) {
    this.#device = device;
    const report = (reason: FatalReason, detail: string) => {
      if (this.#fault) return;
      this.#fault = { reason, detail };
      onFault(reason, detail);
    };
    device?.addEventListener('uncapturederror', (event) => {
      report('gpu-error', event.error.message);
    });
    void device?.lost.then((info) => {
      report('device-lost', `${info.reason}: ${info.message}`);
    });
  }

  /** @throws where a fault was seen */
  check(): void {
    if (this.#fault) throw new Error(`${this.#fault.reason}: ${this.#fault.detail}`);
  }

  /**
   * Waits until the GPU has reported on everything submitted so far, then checks.
   * @throws where a fault was seen
   */
  async settle(): Promise<void> {
    if (this.#device) {
      await this.#device.queue.onSubmittedWorkDone();
      this.#device.pushErrorScope('validation');
      await this.#device.popErrorScope();
      // Events are delivered in tasks of their own, after the promises.
      await new Promise((resolve) => setTimeout(resolve));
    }
    this.check();
  }
}
