/** A file that is not valid safetensors, or asks for what this reader refuses; names file, tensor and reason. */
export class SafetensorsError extends Error {
  readonly fileName: string;
  readonly tensorName: string | null;
  readonly reason: string;

  constructor(fileName: string, tensorName: string | null, reason: string) {
    super(`${fileName}${tensorName === null ? '' : `, tensor ${tensorName}`}: ${reason}`);
    this.name = 'SafetensorsError';
    this.fileName = fileName;
    this.tensorName = tensorName;
    this.reason = reason;
  }
}
