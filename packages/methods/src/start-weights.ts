import { checkWeights, initialA, initialWeights } from '@roundtable/lora';
import type { AdapterSpec, AdapterWeights, TrainablePart } from '@roundtable/lora';

/**
 * The weights of round 0: `start` where it is given, else those of the spec's seed.
 * @throws RangeError where `start` does not fit the spec, is not finite, or has an A of its own that is never sent
 */
export function startWeights(
  spec: AdapterSpec,
  broadcastParts: readonly TrainablePart[],
  start: AdapterWeights | undefined,
): AdapterWeights {
  if (start === undefined) return initialWeights(spec);
  checkWeights(spec, start);
  const spoiled = [...start.loraA, ...start.loraB].some((values) => !values.every(Number.isFinite));
  if (spoiled) throw new RangeError('start must hold finite values only');
  if (!broadcastParts.includes('A')) {
    initialA(spec).forEach((expected, i) => {
      const at = expected.findIndex((value, k) => value !== start.loraA[i]![k]);
      if (at < 0) return;
      throw new RangeError(
        `start.loraA must be that of the seed ${spec.aSeed}, which is not sent: ` +
          `${spec.targets[i]!.module} differs at ${at}`,
      );
    });
  }
  return {
    loraA: start.loraA.map((a) => a.slice()),
    loraB: start.loraB.map((b) => b.slice()),
  };
}
