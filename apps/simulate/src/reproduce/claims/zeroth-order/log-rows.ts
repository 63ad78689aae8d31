import { createHash } from 'node:crypto';
import { federatedMethod, uploadFormat } from '@roundtable/methods';
import type { AdapterSpec } from '@roundtable/lora';
import type { ReproductionRow } from '../../row.ts';
import type { ToyGrid } from '../../toy-grid.ts';
import { toySpec } from '../../toy/model.ts';
import { toySettings } from '../../toy/settings.ts';
import { replay, runZerothOrder } from '../../toy/zeroth-order.ts';
import { termsOf, type ZerothOrderRun } from '../../toy/zeroth-order-terms.ts';

const method = 'zeroth-order';
const run: ZerothOrderRun = {
  seed: 'replay',
  rounds: 4,
  learningRate: 0.1,
  noiseMultiplier: 2,
  clip: 2,
  clipping: 'vector',
  privacyUnit: 'example',
  method: { directions: 16 },
};

const hashOf = (values: Float32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')
    .slice(0, 12);

async function replayRow(grid: ToyGrid): Promise<ReproductionRow> {
  const { log, heads, weights } = await runZerothOrder(grid.world(0), run);
  const newcomer = await replay(log, [log.head]);
  const returning = await replay(log, [heads[1]!, log.head]);
  const hashes = [weights, newcomer, returning].map(hashOf);
  return {
    method,
    claim:
      'seeds and scalars rebuild the weights of the hub on a newcomer and on somebody who missed three rounds',
    condition: 'SHA-256 of the float32 weights equal',
    measured: hashes.join(' / '),
    holds: new Set(hashes).size === 1,
  };
}

/** The reference adapter of the byte tables: 12 layers of query and value, 768 wide, rank 8. */
const referenceSpec = (): AdapterSpec => ({
  ...toySpec('orthonormal', 'bytes'),
  rank: 8,
  alpha: 8,
  targets: Array.from({ length: 24 }, (_, i) => ({
    module: `layers.${i}`,
    inFeatures: 768,
    outFeatures: 768,
    layer: i >> 1,
  })),
});

function bytesRow(): ReproductionRow {
  const payloads = [run, { ...run, noiseMultiplier: 0 }].flatMap((variant) => {
    const { settings, spec } = termsOf(variant, 400);
    return [spec, referenceSpec()].map((each) => uploadFormat(settings, each).payloadBytes);
  });
  const [small, large, openSmall, openLarge] = payloads as [number, number, number, number];
  return {
    method,
    claim: 'what a client sends does not grow with the model',
    condition:
      '10 steps × 16 directions: as many bytes for 192 trained numbers as for 147,456, and ≤ 1,024',
    measured: `${small} and ${large} bytes; without privacy ${openSmall} and ${openLarge}`,
    holds: small === large && openSmall === openLarge && Math.max(...payloads) <= 1_024,
  };
}

async function recordRow(): Promise<ReproductionRow> {
  const terms = termsOf(run, 400);
  const spec = referenceSpec();
  const settings = toySettings({ method: 'ffa-lora' });
  const adapter = await federatedMethod({ ...terms, settings, spec }).firstState();
  const records = federatedMethod({ ...terms, spec });
  const genesis = await records.firstState();
  const published = { sha256: '0'.repeat(64), sizeBytes: genesis.file.length, round: 0 };
  const mean = new Float64Array(records.uploadLength());
  const next = await records.nextState(
    { weights: genesis.weights, published },
    { round: 1, completedRounds: 0, learningRate: 0.1, mean },
    () => Promise.resolve(genesis.weights),
  );
  return {
    method,
    claim: 'what a client fetches for each round it missed does not grow with the model either',
    condition: 'a round’s record for 147,456 trained numbers ≤ 1,024 bytes',
    measured: `${next.file.length} bytes; B in 16-bit floats ${adapter.file.length}`,
    holds: next.file.length <= 1_024,
  };
}

/** Bit-exact replay and bytes. */
export async function logRows(grid: ToyGrid): Promise<ReproductionRow[]> {
  return [await replayRow(grid), bytesRow(), await recordRow()];
}
