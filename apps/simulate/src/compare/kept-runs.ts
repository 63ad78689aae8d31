import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '@roundtable/protocol';

/** Finished runs in a folder, so that a comparison goes on where it was interrupted, or takes in more methods. */
export class KeptRuns {
  readonly #folder: string | null;

  /** @param folder null keeps nothing */
  constructor(folder: string | null) {
    this.#folder = folder;
  }

  /** The run of exactly this description: the one kept, or a new one. */
  async run<T>(description: unknown, make: () => Promise<T>): Promise<T> {
    if (this.#folder === null) return make();
    const hash = await sha256Hex(new TextEncoder().encode(JSON.stringify(description)));
    const path = join(this.#folder, `${hash}.json`);
    if (existsSync(path)) {
      const { result } = JSON.parse(await readFile(path, 'utf8')) as { result: T };
      return result;
    }
    const result = await make();
    await mkdir(this.#folder, { recursive: true });
    await writeFile(path, `${JSON.stringify({ description, result }, null, 1)}\n`);
    return result;
  }
}
