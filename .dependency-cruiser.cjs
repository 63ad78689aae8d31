// One forbidden rule per row of the arrow table in docs/ARCHITECTURE.md: importer, then what it may import.
const packages = {
  random: [],
  linalg: [],
  safetensors: ['linalg'],
  protocol: [],
  receipts: ['protocol'],
  dataset: [],
  privacy: ['linalg', 'random'],
  quantize: ['linalg', 'random'],
  inquiries: ['random'],
  lora: ['linalg', 'quantize', 'random', 'safetensors'],
  transformer: ['linalg', 'quantize', 'safetensors', 'lora'],
  training: ['transformer', 'lora', 'linalg', 'privacy', 'quantize', 'random'],
  methods: ['lora', 'linalg', 'privacy', 'quantize', 'random', 'protocol'],
  federated: ['methods', 'privacy', 'quantize', 'random', 'protocol'],
  participant: [
    'methods',
    'training',
    'lora',
    'privacy',
    'quantize',
    'random',
    'protocol',
    'receipts',
  ],
};
const apps = {
  hub: [
    'receipts',
    'federated',
    'methods',
    'lora',
    'safetensors',
    'protocol',
    'privacy',
    'quantize',
    'random',
    'dataset',
    'inquiries',
    'transformer',
    'training',
  ],
  web: [
    'receipts',
    'participant',
    'methods',
    'training',
    'lora',
    'transformer',
    'protocol',
    'privacy',
    'quantize',
    'random',
    'dataset',
    'inquiries',
  ],
  crowd: [
    'receipts',
    'participant',
    'training',
    'lora',
    'transformer',
    'privacy',
    'quantize',
    'random',
    'protocol',
    'inquiries',
  ],
  simulate: Object.keys(packages),
};
const alternatives = (names) => (names.length === 0 ? '(?!)' : `(${names.join('|')})`);
const row = (folder, allowed) => ({
  name: `arrows-of-${folder.replace('/', '-')}`,
  severity: 'error',
  comment: `${folder} may import only: ${allowed.join(', ') || 'nothing'}`,
  from: { path: `^${folder}/`, pathNot: '\\.test\\.tsx?$|/testing/' },
  to: {
    path: '^(apps|packages|e2e)/',
    pathNot: [`^${folder}/`, `^packages/${alternatives(allowed)}/`, '^packages/platform\\.d\\.ts$'],
  },
});
const onlyIn = (name, module, places) => ({
  name: `third-party-${name}`,
  severity: 'error',
  from: { path: '^(apps|packages|e2e)/', pathNot: [...places, '\\.test\\.tsx?$'] },
  to: { path: module },
});
/** Inside privacy's noise only these files may import this one; besides them the seeded doubles of privacy's own tests. */
const onlyNoise = (name, file, importers) => ({
  name,
  severity: 'error',
  from: {
    path: '^(apps|packages|e2e)/',
    pathNot: [
      `^packages/privacy/src/noise/${alternatives(importers)}\\.ts$`,
      '^packages/privacy/src/testing/',
    ],
  },
  to: { path: `^packages/privacy/src/noise/${file}\\.ts$` },
});
const inModules = (pattern) => `(^|/)node_modules/${pattern}(/|$)`;

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(packages).map(([name, allowed]) => row(`packages/${name}`, allowed)),
    ...Object.entries(apps).map(([name, allowed]) => row(`apps/${name}`, allowed)),
    {
      name: 'tests-import-no-app',
      severity: 'error',
      from: { path: '^packages/.*(\\.test\\.ts$|/testing/)' },
      to: { path: '^apps/' },
    },
    {
      name: 'hub-never-trains',
      severity: 'error',
      from: { path: '^apps/hub/', pathNot: ['^apps/hub/src/evaluation/', '\\.test\\.ts$'] },
      to: { path: '^packages/(transformer|training)/' },
    },
    {
      name: 'features-are-blind',
      severity: 'error',
      from: { path: '^apps/web/src/features/([^/]+)/' },
      to: { path: '^apps/web/src/(features|app)/', pathNot: '^apps/web/src/features/$1/' },
    },
    {
      name: 'shared-knows-no-feature',
      severity: 'error',
      from: { path: '^apps/web/src/shared/' },
      to: { path: '^apps/web/src/(features|app)/' },
    },
    {
      name: 'worker-imports-packages-only',
      severity: 'error',
      from: { path: '^apps/web/src/worker/' },
      to: { path: '^apps/web/src/(features|app|shared)/' },
    },
    onlyNoise('made-by-mechanisms', 'released-integers', [
      'release',
      'integer-mechanism',
      'fine-grid',
      'grid-release',
      'join-releases',
      'released-trajectory',
    ]),
    onlyNoise('fine-grid-is-for-public-numbers', 'fine-grid', [
      'unprotected-release',
      'released-trajectory',
    ]),
    {
      ...onlyNoise('noise-is-secure', 'integer-mechanism', ['local-mechanisms']),
      comment:
        'any source of randomness will do for it: the mechanisms around it demand a secure one',
    },
    {
      name: 'seeded-noise-is-for-tests',
      severity: 'error',
      from: { path: '^(packages|apps/(web|hub|crowd))/', pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { path: '^packages/privacy/src/testing/' },
    },
    onlyIn('tfjs', inModules('@tensorflow/[^/]+'), [
      '^packages/(transformer|training)/',
      '^apps/(web|simulate|crowd)/',
      '^apps/hub/src/evaluation/',
      '^e2e/',
    ]),
    onlyIn('react', inModules('(react|react-dom|@mantine/[^/]+|uplot)'), ['^apps/web/']),
    onlyIn('socket-io', inModules('socket\\.io'), ['^apps/hub/']),
    onlyIn('socket-io-client', inModules('socket\\.io-client'), [
      '^apps/(web|crowd|hub)/',
      '^e2e/',
    ]),
    onlyIn('server', inModules('(fastify|libsql|pino|prom-client)'), ['^apps/hub/']),
    {
      name: 'node-only-in-node',
      severity: 'error',
      from: { path: '^(packages/|apps/web/)', pathNot: '\\.test\\.tsx?$|/testing/' },
      to: { dependencyTypes: ['core'] },
    },
    onlyIn('zod', inModules('zod'), ['^packages/protocol/', '^apps/']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.web.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
