import { readFolder, referenceModel } from './reference-data.ts';

/** A vitest browser command: the files of a reference model's folder in base64, or null where the data are absent. */
export function referenceFiles(
  _context: unknown,
  model: string,
  subfolder = '',
): Record<string, string> | null {
  const folder = referenceModel(model);
  if (folder === null) return null;
  return Object.fromEntries(
    Object.entries(readFolder(subfolder === '' ? folder : `${folder}/${subfolder}`)).map(
      ([name, bytes]) => [name, Buffer.from(bytes).toString('base64')],
    ),
  );
}
