import { runToy, type ToyResult, type ToyRun } from './toy/first-order.ts';
import { toyWorld, type ToyWorld } from './toy/world.ts';
import type { ReproductionScale } from './row.ts';

/** A run but for its seed; rounds are the scale's unless it names them. */
export type ToyCell = Omit<ToyRun, 'seed'>;

/** Runs cells of the toy once each over all seeds; a cell that several claims need is computed once. */
export class ToyGrid {
  readonly scale: ReproductionScale;
  readonly #worlds = new Map<number, ToyWorld>();
  readonly #results = new Map<string, ToyResult[]>();

  constructor(scale: ReproductionScale) {
    this.scale = scale;
  }

  world(seed: number): ToyWorld {
    const world = this.#worlds.get(seed) ?? toyWorld({ seed: String(seed) });
    this.#worlds.set(seed, world);
    return world;
  }

  /** One result per seed. */
  run(cell: ToyCell): ToyResult[] {
    const key = JSON.stringify(cell);
    const known = this.#results.get(key);
    if (known !== undefined) return known;
    const results = Array.from({ length: this.scale.seeds }, (_, seed) =>
      runToy(this.world(seed), { rounds: this.scale.rounds, ...cell, seed: String(seed) }),
    );
    this.#results.set(key, results);
    return results;
  }

  /** Accuracies per seed at the learning rate, and clip where several are named, whose mean is best. */
  best(cell: Omit<ToyCell, 'learningRate'>, clips: readonly number[] = []): readonly number[] {
    const choices = clips.length === 0 ? [{}] : clips.map((clip) => ({ clip }));
    const found = this.scale.learningRates.flatMap((learningRate) =>
      choices.map((choice) => this.accuracies({ ...cell, ...choice, learningRate })),
    );
    return bestOf(found);
  }

  /** Test accuracy of the hub's adapter in percent, per seed. */
  accuracies(cell: ToyCell): number[] {
    return this.run(cell).map(({ accuracy }) => accuracy);
  }
}

/** Arithmetic mean. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The values with the best mean. */
export function bestOf(found: readonly (readonly number[])[]): readonly number[] {
  return found.reduce((best, values) => (mean(values) > mean(best) ? values : best));
}
