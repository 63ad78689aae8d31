import { gaussian, seededRandom, shuffle, uniform, uniformInt } from '@roundtable/random';
import type { SeededRandom } from '@roundtable/random';

import { writeInquiry } from './slots.ts';
import { DEPARTMENTS, inquiryTemplates } from './templates.ts';
import type { Language, Split } from './department-templates.ts';
import type { InquiryTemplate } from './templates.ts';

/** The prompt of the routing task. The model scores what stands in place of `{label}`. */
export const ROUTING_TEMPLATE = '{text}\n→ {label}';

/** One invented customer message and the department it belongs to. */
export interface Inquiry {
  text: string;
  label: string;
  language: Language;
  /** The templates of its sentences, separated by blanks. */
  templateId: string;
}

export interface RoutingFederation {
  labels: string[];
  /** Training messages of each client. */
  clients: Inquiry[][];
  /** For choosing settings; templates of its own. */
  validation: Inquiry[];
  /** For the figures that are reported; templates of its own. */
  test: Inquiry[];
}

export interface RoutingFederationOptions {
  /** The same options give the same federation. */
  seed: string;
  /** At least 1. */
  clients: number;
  /** At least 1. */
  examplesPerClient: number;
  /** Default 288, balanced over departments and languages. */
  validationSize?: number;
  /** Default 576, balanced over departments and languages. */
  testSize?: number;
  /** Dirichlet concentration of the clients' label shares, default 0.5; Infinity for equal shares. */
  skew?: number;
}

/**
 * Generates a federation of clients with skewed label shares (Dirichlet, Hsu et al. 2019). Texts of
 * the three splits come from disjoint templates.
 *
 * @throws RangeError when an option is outside its range
 */
export function routingFederation(options: RoutingFederationOptions): RoutingFederation {
  const { seed, clients, examplesPerClient, skew = 0.5 } = options;
  const { validationSize = 288, testSize = 576 } = options;
  requireCount('clients', clients, 1);
  requireCount('examplesPerClient', examplesPerClient, 1);
  requireCount('validationSize', validationSize, 0);
  requireCount('testSize', testSize, 0);
  if (!(skew > 0)) throw new RangeError(`skew must be above 0, got ${skew}`);
  return {
    labels: DEPARTMENTS.map(({ label }) => label),
    clients: Array.from({ length: clients }, (_, k) =>
      clientInquiries(seededRandom(`${seed}/client-${k}`), examplesPerClient, skew),
    ),
    validation: balancedInquiries(seededRandom(`${seed}/validation`), 'validation', validationSize),
    test: balancedInquiries(seededRandom(`${seed}/test`), 'test', testSize),
  };
}

function requireCount(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`${name} must be an integer of at least ${least}, got ${value}`);
  }
}

function clientInquiries(random: SeededRandom, count: number, skew: number): Inquiry[] {
  const groups = templateGroups('train');
  const shares = dirichlet(random, skew, DEPARTMENTS.length);
  return Array.from({ length: count }, () => {
    const department = drawIndex(random, shares);
    const group = groups[2 * department + uniformInt(random, 2)] ?? [];
    return drawInquiry(random, group);
  });
}

function balancedInquiries(random: SeededRandom, split: Split, count: number): Inquiry[] {
  const groups = templateGroups(split);
  const inquiries = Array.from({ length: count }, (_, k) =>
    drawInquiry(random, groups[k % groups.length] ?? []),
  );
  return shuffle(random, inquiries);
}

/** Templates by department and language, in the order of DEPARTMENTS, English first. */
function templateGroups(split: Split): InquiryTemplate[][] {
  const templates = inquiryTemplates(split);
  return DEPARTMENTS.flatMap(({ id }) =>
    (['en', 'ja'] as const).map((language) =>
      templates.filter((t) => t.department === id && t.language === language),
    ),
  );
}

/** One to three sentences from different templates of one department and language. */
function drawInquiry(random: SeededRandom, templates: readonly InquiryTemplate[]): Inquiry {
  const u = uniform(random);
  const count = u < 0.3 ? 1 : u < 0.8 ? 2 : 3;
  const chosen = shuffle(random, templates).slice(0, count);
  const [first] = chosen;
  if (first === undefined) throw new RangeError('templates must not be empty');
  const { department, language } = first;
  const label = DEPARTMENTS.find((entry) => entry.id === department)?.label ?? department;
  const texts = chosen.map(({ text }) => text);
  return {
    text: writeInquiry(random, texts, language),
    label,
    language,
    templateId: chosen.map(({ id }) => id).join(' '),
  };
}

function drawIndex(random: SeededRandom, shares: readonly number[]): number {
  let left = uniform(random);
  for (const [index, share] of shares.entries()) {
    left -= share;
    if (left < 0) return index;
  }
  return shares.length - 1;
}

function dirichlet(random: SeededRandom, concentration: number, size: number): number[] {
  if (concentration === Infinity) return Array.from({ length: size }, () => 1 / size);
  const draws = Array.from({ length: size }, () => gammaDraw(random, concentration));
  const sum = draws.reduce((total, draw) => total + draw, 0);
  return draws.map((draw) => draw / sum);
}

/** Marsaglia and Tsang 2000, with the boost of shape + 1 for shapes below 1. */
function gammaDraw(random: SeededRandom, shape: number): number {
  if (shape < 1) return gammaDraw(random, shape + 1) * (1 - uniform(random)) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = gaussian(random);
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform(random)) < 0.5 * x * x + d * (1 - v + Math.log(v)))
      return d * v;
  }
}
