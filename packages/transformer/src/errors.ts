/** Why a base model cannot be loaded: the file, the tensor or field in it, and the reason. */
export class BaseModelError extends Error {
  readonly fileName: string;
  readonly tensorName: string | null;
  readonly reason: string;

  constructor(fileName: string, tensorName: string | null, reason: string) {
    super(`${fileName}${tensorName === null ? '' : `: ${tensorName}`}: ${reason}`);
    this.name = 'BaseModelError';
    this.fileName = fileName;
    this.tensorName = tensorName;
    this.reason = reason;
  }
}
