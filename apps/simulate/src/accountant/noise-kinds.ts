import { discreteGaussianTable, skellamTable, type NoiseTable } from '@roundtable/privacy';
import { integerOf, listOf, numberOf, type Json, type Params } from './params.ts';

const TABLE_BITS = 96n;
const DECIMALS = 40;

/** A number of 2^-96 units as a decimal with 40 places, rounded to nearest; exact to the table's own 29 digits. */
export function decimalOf(units: bigint): string {
  const scaled = (units * 10n ** BigInt(DECIMALS) + (1n << (TABLE_BITS - 1n))) >> TABLE_BITS;
  const digits = scaled.toString().padStart(DECIMALS + 1, '0');
  return `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
}

function masses(table: NoiseTable, params: Params): string[] {
  const most = Number.MAX_SAFE_INTEGER;
  return listOf(params, 'k', (k) => decimalOf(table.pmf(integerOf({ k }, 'k', -most, most))));
}

function variance(table: NoiseTable): bigint {
  let sum = 0n;
  for (let k = 1; k <= table.maxMagnitude; k += 1) sum += 2n * BigInt(k) ** 2n * table.pmf(k);
  return sum;
}

/** Kinds that print the very tables that noise is drawn from. */
export const noiseKinds: Readonly<Record<string, (params: Params) => Json>> = {
  discrete_gaussian_pmf: (params) => {
    const table = discreteGaussianTable(numberOf(params, 'sigma'));
    return { pmf: masses(table, params), variance: decimalOf(variance(table)) };
  },
  skellam_pmf: (params) => ({ pmf: masses(skellamTable(numberOf(params, 'variance')), params) }),
};
