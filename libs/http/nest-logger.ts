import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

const line = (message: unknown): string =>
  message instanceof Error ? (message.stack ?? message.message) : String(message);

/** Nest's own messages as structured lines; its start-up chatter is for debugging. */
export function nestLogger(logger: Logger): LoggerService {
  return {
    log: (message: unknown) => logger.debug(line(message)),
    error: (message: unknown) => logger.error(line(message)),
    warn: (message: unknown) => logger.warn(line(message)),
    debug: (message: unknown) => logger.debug(line(message)),
    verbose: (message: unknown) => logger.trace(line(message)),
    fatal: (message: unknown) => logger.fatal(line(message)),
  };
}
