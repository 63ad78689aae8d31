import { adapterVariant, parameterCount } from '@roundtable/lora';
import { sha256Hex } from '@roundtable/protocol';
import { decodeVector } from '@roundtable/quantize';
import { backoffMs } from './clock.ts';
import { messageOf } from './failure-cause.ts';
import type { RoundResult } from './participant-state.ts';
import { failed } from './round-work.ts';
import type { RoundWork } from './round-work.ts';

const ADAPTER_TRIES = 5;

/** The checked global adapter, a result where the round ends first, or why the hub's file cannot be used. */
export async function fetchGlobalVector(work: RoundWork): Promise<Float32Array | RoundResult> {
  const { manifest, announcement, trainer, transport } = work;
  const { method, wire } = manifest.settings;
  const { adapter } = announcement;
  const length = parameterCount(trainer.spec, adapterVariant(method).broadcastParts);
  let detail = '';
  for (let tries = 1; tries <= ADAPTER_TRIES; tries += 1) {
    const halt = work.halted();
    if (halt !== null) return halt;
    try {
      const bytes = await transport.fetchAdapter(adapter);
      work.received(bytes.length);
      if (bytes.length !== adapter.sizeBytes || (await sha256Hex(bytes)) !== adapter.sha256) {
        throw new RangeError(`adapter ${adapter.sha256} has another size or hash`);
      }
      return decodeVector(bytes, wire.download, wire.uploadBlockSize, length);
    } catch (error) {
      detail = messageOf(error);
    }
    await work.sleep(backoffMs(tries));
  }
  return work.halted() ?? failed('adapter-unusable', detail);
}
