import type { AdapterSpec } from '@roundtable/lora';
import { BatchOverflow, poissonCapacity, poissonSample } from '@roundtable/privacy';
import type { RandomSource } from '@roundtable/random';
import type { BaseModel } from '@roundtable/transformer';
import type { Example } from './encode-examples.ts';
import { prepareExamples, type ExampleBatches, type PrepareProgress } from './example-batches.ts';
import { exampleLosses, type ExampleLosses } from './example-losses.ts';
import { TrainingFailure } from './failure.ts';
import type { Task } from './task.ts';
import type { LocalTraining } from './trainer-settings.ts';

/** Examples on the accelerator, with their losses. */
export interface OnDevice {
  readonly batches: ExampleBatches;
  readonly losses: ExampleLosses;
}

/** The examples of this device that take part in training: on the accelerator once they are needed, and drawn batch by batch. */
export class PreparedExamples {
  /** All examples, or the first that the public cap allows. */
  readonly examples: readonly Example[];
  readonly #model: BaseModel;
  readonly #spec: AdapterSpec;
  readonly #task: Task;
  readonly #training: LocalTraining;
  readonly #examplesPerPass: number | undefined;
  #onDevice: OnDevice | null = null;

  constructor(
    model: BaseModel,
    spec: AdapterSpec,
    examples: readonly Example[],
    { task, training }: { readonly task: Task; readonly training: LocalTraining },
    examplesPerPass?: number,
  ) {
    const { samplingRate, maxExamplesPerStep } = training;
    this.#model = model;
    this.#spec = spec;
    this.#task = task;
    this.#training = training;
    this.#examplesPerPass = examplesPerPass;
    this.examples = examples.slice(0, poissonCapacity(samplingRate, maxExamplesPerStep));
  }

  /** Runs the frozen layers over all examples where nobody did. */
  async prepare(onProgress?: PrepareProgress): Promise<OnDevice> {
    if (this.#onDevice !== null) return this.#onDevice;
    const batches = await prepareExamples(
      this.#model,
      this.#spec,
      this.examples,
      onProgress,
      this.#examplesPerPass,
    );
    try {
      const losses = exampleLosses(this.#model, this.#task, batches);
      this.#onDevice = { batches, losses };
      return this.#onDevice;
    } catch (error) {
      batches.dispose();
      throw error;
    }
  }

  /**
   * Indices of a Poisson batch.
   * @throws TrainingFailure 'batch-overflow' beyond the public cap
   */
  drawBatch(random: RandomSource): number[] {
    const { samplingRate, maxExamplesPerStep } = this.#training;
    try {
      return poissonSample(random, this.examples.length, samplingRate, maxExamplesPerStep);
    } catch (error) {
      if (!(error instanceof BatchOverflow)) throw error;
      throw new TrainingFailure('batch-overflow', error.message, { cause: error });
    }
  }

  dispose(): void {
    this.#onDevice?.losses.dispose();
    this.#onDevice?.batches.dispose();
    this.#onDevice = null;
  }
}
