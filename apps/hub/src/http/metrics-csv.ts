import type { RoundRecord } from '@roundtable/protocol';

const columns: readonly (readonly [string, (round: RoundRecord) => string | number | null])[] = [
  ['round', (round) => round.round],
  ['state', (round) => round.state],
  ['started_at', (round) => new Date(round.startedAtMs).toISOString()],
  [
    'ended_at',
    (round) => (round.endedAtMs === null ? null : new Date(round.endedAtMs).toISOString()),
  ],
  [
    'seconds',
    (round) => (round.endedAtMs === null ? null : (round.endedAtMs - round.startedAtMs) / 1_000),
  ],
  ['selected', (round) => round.selected],
  ['accepted', (round) => round.accepted],
  ['rejected', (round) => round.rejected],
  ['rejections', (round) => formatRejections(round.rejections)],
  ['bytes_up', (round) => round.bytesUp],
  ['bytes_down', (round) => round.bytesDown],
  ['eval_loss', (round) => round.evalLoss],
  ['eval_accuracy', (round) => round.evalAccuracy],
  ['proxy_accuracy', (round) => round.proxyAccuracy ?? null],
  ['epsilon', (round) => round.epsilon],
  ['update_norm', (round) => round.updateNorm],
  ['adapter_sha256', (round) => round.adapter?.sha256 ?? null],
  ['abandoned_because', (round) => round.abandonedBecause],
];

function formatRejections(rejections: RoundRecord['rejections']): string {
  return Object.entries(rejections)
    .map(([reason, count]) => `${reason}=${count}`)
    .join(' ');
}

/** One field of RFC 4180: quoted where it holds a comma, a quote or a line break. */
export function csvField(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rounds as CSV (RFC 4180, CRLF, header first); numbers in full precision, absent values empty. */
export function roundsToCsv(rounds: readonly RoundRecord[]): string {
  const lines = [
    columns.map(([name]) => name),
    ...rounds.map((round) => columns.map(([, read]) => csvField(read(round)))),
  ];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
