// Structured logs: one JSON object a line on stdout. Keys, secrets and bodies never get in: whoever logs a header object gets
// its credentials replaced.
import { pino, type Logger } from 'pino';

const SECRET_PATHS = [
  'key',
  'secret',
  'password',
  'authorization',
  'cookie',
  'databaseUrl',
  'headers.authorization',
  'headers.cookie',
  '*.key',
  '*.secret',
  '*.password',
  '*.authorization',
  '*.cookie',
  '*.headers.authorization',
  '*.headers.cookie',
];

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * A logger of one service. Lines are gathered for up to 100 ms, written in the background and flushed at exit; `destination` is for
 * tests.
 */
export function createLogger(
  service: string,
  level: string = process.env['LOG_LEVEL'] || 'info',
  destination?: { write(line: string): void },
): Logger {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    destination ?? pino.destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 100 }),
  );
}
