import { parseArgs } from 'node:util';
import { run as runDpOverhead } from './bench/dp-overhead.ts';
import { runInBrowser } from './bench/browser-backend.ts';
import { useNodeBackend } from './bench/node-backend.ts';
import { run as runNoise } from './bench/noise.ts';
import { run as runTrainStep } from './bench/train-step.ts';
import { run as runZerothOrder } from './bench/zeroth-order.ts';

const usage = `Usage: npm run bench -- <name> [options]

Names
  train-step    our training step against tfjs's own autodiff on the same model in the same run
                (goal on wasm: at least 2 times faster), and the cached against the uncached fast preset
  dp-overhead   DP step / non-private step (goal on wasm: at most 1.25)
  zeroth-order  step of 16 directions by forward passes / 32 plain forward passes over the same examples
                (goal on wasm: at most 1.1), / DP step by gradients, and the memory of both / inference's
  noise         samples per second of the integer noises (goal: 10 million up to 500 grid units), and one
                release of 16,384 and of 147,456 values; on one core, needs no backend

Options
  --backend wasm|cpu|webgpu|all   default wasm; webgpu runs in a headless Chromium
  --pairs N   interleaved pairs (noise: runs) after a warm-up, default 7
  --json      one JSON object on standard output
  --help
`;

const benches = {
  'train-step': runTrainStep,
  'dp-overhead': runDpOverhead,
  'zeroth-order': runZerothOrder,
  noise: (pairs: number) => Promise.resolve(runNoise(pairs)),
};
const backends = {
  wasm: ['wasm'],
  cpu: ['cpu'],
  webgpu: ['webgpu'],
  all: ['wasm', 'cpu', 'webgpu'],
} as const;

class UsageError extends Error {}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      backend: { type: 'string', default: 'wasm' },
      pairs: { type: 'string', default: '7' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  const pairs = Number(values.pairs);
  if (values.help) return null;
  if (positionals.length !== 1 || name === undefined || !Object.hasOwn(benches, name)) {
    throw new UsageError(`name must be one of ${Object.keys(benches).join(', ')}`);
  }
  if (!Object.hasOwn(backends, values.backend)) {
    throw new UsageError(`--backend must be wasm, cpu, webgpu or all, got ${values.backend}`);
  }
  if (!Number.isInteger(pairs) || pairs < 1 || pairs > 1_000) {
    throw new UsageError(`--pairs must be an integer in 1 … 1000, got ${values.pairs}`);
  }
  if (name === 'noise' && values.backend !== 'wasm') {
    throw new UsageError('--backend must be left out for noise, which needs none');
  }
  return {
    name: name as keyof typeof benches,
    backends: backends[values.backend as keyof typeof backends],
    pairs,
    json: values.json,
  };
}

/** A result as indented `path value` lines. */
function lines(value: unknown, indent = ''): string[] {
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    typeof inner === 'object' && inner !== null
      ? [`${indent}${key}`, ...lines(inner, `${indent}  `)]
      : [
          `${indent}${key} ${typeof inner === 'number' ? Number(inner.toPrecision(4)) : String(inner)}`,
        ],
  );
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) {
    process.stdout.write(usage);
    return;
  }
  const results: unknown[] = [];
  for (const backend of options.backends) {
    if (backend === 'webgpu') {
      results.push(await runInBrowser(options.name, options.pairs));
    } else {
      await useNodeBackend(backend);
      results.push(await benches[options.name](options.pairs));
    }
  }
  const report = { bench: options.name, results };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(report)}\n`
      : `${results.flatMap((r) => lines(r)).join('\n')}\n`,
  );
}

main().catch((error: unknown) => {
  const isUsage =
    error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (isUsage) process.stderr.write(usage);
  process.exitCode = isUsage ? 2 : 1;
});
