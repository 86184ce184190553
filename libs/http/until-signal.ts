// Ends a process well: on a signal the app stops accepting, finishes what runs and closes its parts.
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';

const STOP_DEADLINE_MS = 10_000;

/** On the first SIGTERM or SIGINT closes the app and exits 0, or 1 when that fails or takes more than 10 s. */
export function runUntilSignal(app: NestFastifyApplication, logger: Logger): void {
  let isStopping = false;
  const stop = (signal: string): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ signal }, 'stopping');
    setTimeout(() => {
      logger.error(`not stopped after ${STOP_DEADLINE_MS} ms`);
      process.exit(1);
    }, STOP_DEADLINE_MS).unref();
    app.close().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
