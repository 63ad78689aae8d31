import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  federationSettingsSchema,
  methodSettings,
  zerothOrderDefaults,
  type FederationSettings,
} from '@roundtable/protocol';
import { defaultLimits, hardCaps, limitViolations } from './limits.ts';
import { settings } from './testing/scene.ts';

type Change = (value: number) => Partial<FederationSettings>;
const privacy = (key: string): Change => {
  return (value) => ({ privacy: { ...settings.privacy!, [key]: value } });
};

const caps: [name: string, cap: number, beyond: number, Change][] = [
  ['epsilonBudget', hardCaps.largestEpsilon, 1_000, privacy('epsilonBudget')],
  ['delta', hardCaps.largestDelta, 0.01, privacy('delta')],
  ['noiseMultiplier', hardCaps.smallestNoiseMultiplier, 1e-9, privacy('noiseMultiplier')],
  [
    'localSteps',
    hardCaps.mostLocalSteps,
    1_000,
    (localSteps) => ({ training: { ...settings.training, localSteps } }),
  ],
  ['rounds', hardCaps.mostRounds, 10_000, (rounds) => ({ rounds })],
];

describe('the caps compiled into the client', () => {
  it('cannot be changed while it runs', () => {
    expect(Object.isFrozen(hardCaps)).toBe(true);
    expect(defaultLimits).toMatchObject(hardCaps);
  });

  it.each(caps)('hold %s at %d: the cap itself is taken', (_, cap, __, change) => {
    expect(limitViolations({ ...settings, ...change(cap) }, defaultLimits)).toEqual([]);
  });

  it.each(caps)('refuse every %s beyond %d that a hub may state', (name, cap, beyond, change) => {
    const isWhole = Number.isInteger(cap);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const drawn = cap + (beyond - cap) * Math.max(share, 1e-9);
        const value = isWhole && name !== 'epsilonBudget' ? Math.ceil(drawn) : drawn;
        const stated = { ...settings, ...change(value) };
        expect(federationSettingsSchema.safeParse(stated).success).toBe(true);
        expect(limitViolations(stated, defaultLimits)).toEqual([
          expect.stringMatching(new RegExp(`^${name} must be [≤≥] ${cap}, got `)),
        ]);
      }),
    );
  });

  it.each(caps)('refuse a %s that is no number', (name, _, __, change) => {
    const [violation] = limitViolations({ ...settings, ...change(Number.NaN) }, defaultLimits);
    expect(violation).toContain(name);
  });

  it('name every bound that is passed', () => {
    const stated = { ...settings, rounds: 9_999, ...privacy('delta')(0.01) };
    expect(limitViolations(stated, defaultLimits)).toHaveLength(2);
  });

  it('hold what a round of the zeroth order sends: local steps times directions', () => {
    const { download = 'fp16', ...method } = methodSettings({ name: 'zeroth-order' });
    const of = (localSteps: number, directions: number): FederationSettings => ({
      ...settings,
      ...method,
      zerothOrder: { ...zerothOrderDefaults, directions },
      wire: { ...settings.wire, download },
      training: { ...settings.training, localSteps },
    });
    // 16 · 1,024 = 16,384
    expect(limitViolations(of(16, 1_024), defaultLimits)).toEqual([]);
    expect(federationSettingsSchema.safeParse(of(17, 1_024)).success).toBe(true);
    expect(limitViolations(of(17, 1_024), defaultLimits)).toEqual([
      'localSteps · directions must be ≤ 16384, got 17408',
    ]);
  });

  it('let a client insist on differential privacy', () => {
    const open = { ...settings, privacy: null };
    expect(limitViolations(open, defaultLimits)).toEqual([]);
    const insisting = { ...defaultLimits, isPrivacyRequired: true };
    expect(limitViolations(open, insisting)).toEqual(['privacy must be on, got none']);
  });
});
