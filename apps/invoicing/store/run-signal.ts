// Wakes the process's billing work when a run was asked for here; other processes see it at their next look.
import { setTimeout as wait } from 'node:timers/promises';

export class RunSignal {
  private ringing = new AbortController();

  /** Ends every wait that is going on, and the next one when none is. */
  ring(): void {
    this.ringing.abort();
  }

  /** Resolves after so long, or as soon as it rings. */
  async wait(ms: number, stopping: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([this.ringing.signal, stopping]);
    await wait(ms, undefined, { signal }).catch(() => undefined);
    if (this.ringing.signal.aborted) this.ringing = new AbortController();
  }
}
