// Projections as a Nest microservice: they start and stop with the app as everything else does (design section 3).
import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { ProjectionRunner } from './runner.js';

/** EX_SOFTWARE: whoever supervises the process starts it again. */
const CRASHED = 70;

/** `app.connectMicroservice({ strategy: new ProjectionServer(runners) })`, then `startAllMicroservices`. */
export class ProjectionServer extends Server implements CustomTransportStrategy {
  /** `exit` is called with 70 when a consumer has died for good: a live process without it would be a false health. */
  constructor(
    private readonly runners: readonly ProjectionRunner[],
    private readonly exit: (code: number) => void = (code) => process.exit(code),
  ) {
    super();
    for (const runner of runners)
      runner.onCrash((error) => {
        this.logger.error(`${runner.name}: ${error.message}`, error.stack);
        this.exit(CRASHED);
      });
  }

  /** Starts every runner; the callback gets the error of one that could not start, after the others were stopped. */
  listen(callback: (error?: unknown) => void): void {
    this.startAll().then(
      () => {
        callback();
      },
      (error: unknown) => {
        callback(error);
      },
    );
  }

  /** Resolves when every runner has finished or rolled back what was in hand, within 10 s. */
  async close(): Promise<void> {
    await Promise.all(this.runners.map(async (runner) => runner.stop()));
  }

  /** What /health/ready says about the projections. */
  reasonsNotReady(): string[] {
    return this.runners.flatMap((runner) => runner.reasonsNotReady());
  }

  /** There are no transport events to listen to. */
  on(): void {
    return undefined;
  }

  /** There is no client library behind this transport. */
  unwrap(): never {
    throw new Error('the projection server wraps no client');
  }

  private async startAll(): Promise<void> {
    const started = await Promise.allSettled(this.runners.map(async (runner) => runner.start()));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed === undefined) return;
    await this.close();
    throw failed.reason;
  }
}
