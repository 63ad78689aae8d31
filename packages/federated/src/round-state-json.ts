import type { CohortMember, RoundStage, RoundState } from './round-state.ts';

type Fields = Record<string, unknown>;
type Check = (value: unknown) => boolean;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const oneOf =
  (...allowed: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && allowed.includes(value);

function fieldsOf(value: unknown, path: string, checks: Record<string, Check>): Fields {
  if (!isFields(value)) throw new TypeError(`${path} must be an object`);
  for (const [name, check] of Object.entries(checks)) {
    if (!check(value[name])) {
      throw new TypeError(`${path}.${name} is not valid: ${JSON.stringify(value[name])}`);
    }
  }
  const unknownName = Object.keys(value).find((name) => !Object.hasOwn(checks, name));
  if (unknownName !== undefined) throw new TypeError(`${path}.${unknownName} is not known`);
  return value;
}

const memberChecks = {
  clientId: isText,
  status: oneOf('training', 'accepted', 'declined', 'gone', 'removed'),
  leftAtMs: orNull(isTime),
  isReplaced: isFlag,
} satisfies Record<keyof CohortMember, Check>;

const closing = { round: isCount, clientIds: listOf(isText), announced: listOf(isText) };
const stageChecks: Record<RoundStage['kind'], Record<string, Check>> = {
  created: {},
  recruiting: { notBeforeMs: isTime },
  training: {
    round: isCount,
    startedAtMs: isTime,
    deadlineMs: isTime,
    needed: isCount,
    wanted: isCount,
    members: listOf(isFields),
  },
  aggregating: closing,
  evaluating: closing,
  stopped: { because: oneOf('finished', 'stopped') },
};

const stateChecks = {
  version: (value) => value === 1,
  cohort: isFields,
  rounds: isCount,
  timing: isFields,
  selectionSeed: isText,
  nowMs: isTime,
  ready: listOf(isText),
  removed: listOf(isText),
  isPaused: isFlag,
  completed: listOf(isCount),
  lastRound: isCount,
  failuresInRow: isCount,
  enoughSinceMs: orNull(isTime),
  stage: isFields,
} satisfies Record<keyof RoundState, Check>;

/**
 * The state out of its stored JSON text.
 * @throws naming the first field that is missing, unknown or of another kind
 */
export function parseRoundState(json: string): RoundState {
  const state = fieldsOf(JSON.parse(json), 'roundState', stateChecks);
  fieldsOf(state['cohort'], 'roundState.cohort', {
    minimum: isCount,
    target: isCount,
    overSelection: isTime,
    deadlineSeconds: isTime,
    minimumFraction: isTime,
  });
  fieldsOf(state['timing'], 'roundState.timing', {
    gatherMs: isTime,
    retryMs: isTime,
    leaverGraceMs: isTime,
  });
  const stage = state['stage'] as Fields;
  const kinds = Object.keys(stageChecks);
  if (!oneOf(...kinds)(stage['kind'])) {
    throw new TypeError(`roundState.stage.kind must be one of ${kinds.join(', ')}`);
  }
  const kind = stage['kind'] as RoundStage['kind'];
  fieldsOf(stage, 'roundState.stage', { kind: isText, ...stageChecks[kind] });
  if (kind === 'training') {
    for (const member of stage['members'] as unknown[]) {
      fieldsOf(member, 'roundState.stage.members', memberChecks);
    }
  }
  return state as unknown as RoundState;
}
