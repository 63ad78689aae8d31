import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { HubConfig } from '../config/config.ts';

/** Field names whose values never reach a log, at any of the first three levels. */
const SECRET_FIELDS = [
  'authorization',
  'token',
  'password',
  'passwordHash',
  'cookie',
  'text',
  'input',
];

/**
 * Structured logs, one JSON object a line. Requests are logged by method and path without query; tokens, passwords
 * and everything that may hold people's text are removed.
 */
export function createLogger(
  level: HubConfig['logLevel'],
  destination?: DestinationStream,
): Logger {
  const paths = SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);
  const options = {
    level,
    redact: { paths, censor: '[removed]' },
    serializers: {
      req: (request: { method: string; url: string; ip?: string }) => ({
        method: request.method,
        path: request.url.split('?')[0],
        ip: request.ip,
      }),
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
