import { floatToHalf } from '@roundtable/linalg';
import { dtypeByteSize } from './header.ts';

export interface TensorToEncode {
  name: string;
  dtype: 'F32' | 'F16';
  shape: number[];
  /** Row-major, as many as `shape` says. */
  values: Float32Array;
}

const HEADER_ALIGNMENT = 8;

/**
 * A whole safetensors file with the tensors in the given order; the header is padded with blanks to 8 bytes.
 * @throws if a name is empty, reserved or given twice, values do not fit the shape, or a value overflows F16
 */
export function encodeSafetensors(
  tensors: readonly TensorToEncode[],
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const names = new Set<string>();
  const entries: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) entries.push(['__metadata__', metadata]);
  let offset = 0;
  for (const tensor of tensors) {
    checkTensor(tensor, names);
    const end = offset + tensor.values.length * dtypeByteSize(tensor.dtype);
    const { dtype, shape } = tensor;
    entries.push([tensor.name, { dtype, shape, data_offsets: [offset, end] }]);
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const headerLength = Math.ceil(json.length / HEADER_ALIGNMENT) * HEADER_ALIGNMENT;
  const file = new Uint8Array(8 + headerLength + offset).fill(0x20, 8, 8 + headerLength);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.set(json, 8);
  let position = 8 + headerLength;
  for (const tensor of tensors) {
    const bytes = valueBytes(tensor);
    file.set(bytes, position);
    position += bytes.length;
  }
  return file;
}

function checkTensor({ name, shape, values }: TensorToEncode, names: Set<string>): void {
  if (name === '' || name === '__metadata__') {
    throw new RangeError(`tensor name must not be empty or __metadata__, got "${name}"`);
  }
  if (names.has(name)) throw new RangeError(`tensor name ${name} is given twice`);
  names.add(name);
  const expected = shape.reduce((product, size) => product * size, 1);
  if (values.length !== expected) {
    throw new RangeError(
      `tensor ${name} of shape [${shape.join(', ')}] needs ${expected} values, got ${values.length}`,
    );
  }
}

function valueBytes({ name, dtype, values }: TensorToEncode): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const codes = Uint16Array.from(values, (value) => {
    const code = floatToHalf(value);
    if ((code & 0x7fff) === 0x7c00 && Number.isFinite(value)) {
      throw new RangeError(`tensor ${name} holds ${value}, above the F16 maximum 65504`);
    }
    return code;
  });
  return new Uint8Array(codes.buffer);
}
