export interface NamedTensor {
  name: string;
  shape: readonly number[];
  values: Float32Array;
}

/**
 * Serialises float tensors as an F32 safetensors file (8-byte little-endian header length, JSON
 * header padded with spaces to a multiple of 8, then the tensors in the given order).
 */
export function encodeSafetensors(tensors: readonly NamedTensor[]): Uint8Array {
  const header: Record<string, { dtype: 'F32'; shape: number[]; data_offsets: [number, number] }> =
    {};
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const count = shape.reduce((product, size) => product * size, 1);
    if (count !== values.length) {
      throw new RangeError(
        `tensor ${name}: ${values.length} values do not fill [${shape.join(', ')}]`,
      );
    }
    header[name] = { dtype: 'F32', shape: [...shape], data_offsets: [end, end + 4 * count] };
    end += 4 * count;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + padded + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.fill(0x20, 8, 8 + padded);
  file.set(json, 8);
  let offset = 8 + padded;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
}
