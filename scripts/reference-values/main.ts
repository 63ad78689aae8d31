// Writes the accountant's own reference values: `npm run reference-values`.
import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { auditCases } from './audit-cases.ts';
import { gaussianCases } from './gaussian-cases.ts';
import { lossCases } from './loss-cases.ts';
import { mechanismCases } from './mechanism-cases.ts';

const file = new URL('../../packages/privacy/src/testing/reference-values.json', import.meta.url);
const cases = [...gaussianCases(), ...mechanismCases(), ...lossCases(), ...auditCases()];
const meta = {
  command: 'npm run reference-values',
  precision:
    '400-bit fixed point, integrals agreeing to 42 digits under a halved step; compositions of more than two ' +
    'sampled Gaussians in doubles along two contours that agree to 1e-9',
};
const numbered = cases.map((value, i) => ({ id: `${value.kind}-${i}`, ...value }));
const text = await format(JSON.stringify({ meta, cases: numbered }), {
  parser: 'json',
  printWidth: 100,
});
writeFileSync(file, text);
process.stderr.write(`${cases.length} reference values\n`);
