/** Every number a page shows goes through one of these, so that Japanese and English digits agree and widths stay calm. */
export interface Format {
  number: (value: number, digits?: number) => string;
  percent: (fraction: number, digits?: number) => string;
  bytes: (bytes: number) => string;
  duration: (seconds: number) => string;
  dateTime: (atMs: number) => string;
  epsilon: (value: number) => string;
  loss: (value: number) => string;
  /** A probability such as δ: `10⁻⁵`, or plain digits from 0.001 on. */
  small: (value: number) => string;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units with at most three significant digits, such as `13.4 kB`. */
export function formatBytes(bytes: number, language: string): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  const text = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return `${text} ${byteUnits[unit]!}`;
}

/** Seconds as `m:ss` or `h:mm:ss`; negative values count as zero. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = String(whole % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`;
}

function fixed(language: string, value: number, digits: number): string {
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

function smallNumber(language: string, value: number): string {
  if (value === 0 || value >= 0.001) {
    return new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(value);
  }
  const [mantissa = '', exponent = ''] = value.toExponential(1).split('e-');
  const power = exponent.replace(/\d/g, (digit) => superscripts[Number(digit)]!);
  const factor = Number(mantissa) === 1 ? '' : `${fixed(language, Number(mantissa), 1)} · `;
  return `${factor}10⁻${power}`;
}

/** The formatters of one language. */
export function formatFor(language: string): Format {
  return {
    number: (value, digits = 0) => fixed(language, value, digits),
    percent: (fraction, digits = 0) => `${fixed(language, fraction * 100, digits)} %`,
    bytes: (bytes) => formatBytes(bytes, language),
    duration: formatDuration,
    dateTime: (atMs) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(atMs),
    epsilon: (value) => (Number.isFinite(value) ? fixed(language, value, value < 1 ? 3 : 2) : '∞'),
    loss: (value) => fixed(language, value, 3),
    small: (value) => smallNumber(language, value),
  };
}
