// Lets other work of the process go on in between: a fold of thousands of events shares its thread with the checks.
import { setImmediate as others } from 'node:timers/promises';

/** Milliseconds of work without a pause. */
const AT_ONCE_MS = 3;

export class Breath {
  #since = performance.now();

  /** Pauses when the work has gone on for long enough. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < AT_ONCE_MS) return;
    await others();
    this.#since = performance.now();
  }
}
