import { SafetensorsError } from './error.ts';

/** The object in `text`; throws {@link SafetensorsError} for other JSON, no JSON, and for a key given twice. */
export function parseObject(text: string, fileName: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SafetensorsError(fileName, null, 'is not valid JSON where JSON is expected');
  }
  if (!isObject(value)) throw new SafetensorsError(fileName, null, 'the JSON is not an object');
  const twice = duplicateKey(text);
  if (twice !== null) throw new SafetensorsError(fileName, twice, 'the name is given twice');
  return value;
}

/** Whether `value` is a JSON object (no array, no null). */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property `key` of `value`; inherited ones such as `constructor` count as absent. */
export function own(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

// JSON.parse keeps the last of two equal keys; readers that keep the first would see other tensors than we do.
function duplicateKey(json: string): string | null {
  const open: Set<string>[] = [];
  for (let position = 0; position < json.length; position += 1) {
    const character = json[position];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(json, position);
      if (isKey(json, end)) {
        const key = JSON.parse(json.slice(position, end)) as string;
        const keys = open.at(-1);
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      position = end - 1;
    }
  }
  return null;
}

function stringEnd(json: string, start: number): number {
  let position = start + 1;
  while (json[position] !== '"') position += json[position] === '\\' ? 2 : 1;
  return position + 1;
}

function isKey(json: string, afterString: number): boolean {
  let position = afterString;
  while (' \t\r\n'.includes(json[position] ?? '.')) position += 1;
  return json[position] === ':';
}
