import type { BaseModelManifest } from '@roundtable/protocol';
import type { ModelSource } from '@roundtable/transformer';
import type { HubClient } from '../hub/hub-client.ts';
import type { ModelState, WorkerEvent } from '../messages.ts';
import type { RoundtableDatabase } from '../storage/database.ts';
import { FetchFailure, fetchModel, isModelStored, presentBytes } from './fetch-model.ts';
import type { ModelFetch } from './fetch-model.ts';
import type { ModelFiles } from './model-files.ts';
import { storedModelSource } from './stored-model-source.ts';

export interface ModelDeskOptions {
  manifest: BaseModelManifest;
  files: ModelFiles;
  database: RoundtableDatabase;
  client: HubClient;
  post: (event: WorkerEvent) => void;
}

/** The base model in this browser: is it here, fetch the rest, stop. */
export class ModelDesk {
  readonly #options: ModelDeskOptions;
  #abort: AbortController | null = null;

  constructor(options: ModelDeskOptions) {
    this.#options = options;
  }

  source(): ModelSource {
    return storedModelSource(this.#options.manifest, this.#options.files);
  }

  isStored(): Promise<boolean> {
    return isModelStored(this.#options.manifest, this.#access());
  }

  async show(): Promise<void> {
    const totalBytes = this.#totalBytes();
    if (await this.isStored()) this.#show({ kind: 'stored', totalBytes, fetchedBytes: 0 });
    else this.#show({ kind: 'missing', doneBytes: await this.#presentBytes(), totalBytes });
  }

  async fetch(): Promise<void> {
    if (this.#abort) return;
    const abort = new AbortController();
    this.#abort = abort;
    const totalBytes = this.#totalBytes();
    const resumedBytes = await this.#presentBytes();
    try {
      const fetchedBytes = await fetchModel(this.#options.manifest, {
        ...this.#access(),
        signal: abort.signal,
        request: (path, start, signal) =>
          this.#options.client.modelFile(this.#options.manifest.id, path, start, signal),
        onProgress: ({ file, doneBytes }) => {
          this.#show({ kind: 'fetching', file, doneBytes, totalBytes, resumedBytes });
        },
      });
      this.#show({ kind: 'stored', totalBytes, fetchedBytes });
    } catch (error) {
      await this.#showFailure(error, abort.signal.aborted);
    } finally {
      this.#abort = null;
    }
  }

  cancel(): void {
    this.#abort?.abort();
  }

  async #showFailure(error: unknown, isAborted: boolean): Promise<void> {
    const totalBytes = this.#totalBytes();
    const doneBytes = await this.#presentBytes().catch(() => 0);
    if (isAborted) {
      this.#show({ kind: 'missing', doneBytes, totalBytes });
      return;
    }
    const reason = error instanceof FetchFailure ? error.reason : 'storage';
    const detail = error instanceof Error ? error.message : String(error);
    this.#show({ kind: 'failed', reason, detail, doneBytes, totalBytes });
  }

  #access(): Pick<ModelFetch, 'files' | 'isVerified' | 'markVerified'> {
    const { files, database } = this.#options;
    return {
      files,
      isVerified: async (sha256) => (await database.get('verified', sha256)) !== undefined,
      markVerified: async ({ sha256, bytes }) => {
        await database.put('verified', { sizeBytes: bytes }, sha256);
      },
    };
  }

  #presentBytes(): Promise<number> {
    return presentBytes(this.#options.manifest, this.#options.files);
  }

  #totalBytes(): number {
    return this.#options.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  }

  #show(model: ModelState): void {
    this.#options.post({ kind: 'model', model });
  }
}
