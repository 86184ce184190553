// The one way to the admission store for doors: commands batched as they come.
import { isDatabaseAway } from '#libs/http/database-away.js';
import type { Clock } from '#libs/time/instant.js';
import type { Command, Outcome } from './admission-commands.js';
import type { AdmissionStore, Attempt } from './admission.store.js';
import { Batcher } from './batcher.js';
import type { QuotaMeters } from './quota-meters.js';

/** Commands in one unit of work at most: 200 measured fastest (performance.md, B3). */
const MAX_COMMANDS = 200;

export class Admissions {
  readonly #batcher: Batcher<Command, Outcome>;

  constructor(
    readonly store: AdmissionStore,
    readonly clock: Clock,
    meters: QuotaMeters,
  ) {
    const work = async (commands: readonly Command[], tries: number) =>
      store.run(commands, clock(), attemptAfter(tries));
    this.#batcher = new Batcher(work, {
      maxItems: MAX_COMMANDS,
      untilReady: async () => store.units.ended(),
      onBatch: (items, seconds) => {
        meters.batchSeconds.observe(seconds);
        meters.batchItems.observe(items);
      },
      isPassing,
      isEveryones: isDatabaseAway,
    });
  }

  /** The outcome of one command; rejects with the database's error when it is away. */
  async do(command: Command): Promise<Outcome> {
    return this.#batcher.do(command);
  }
}

/** Attempts with the organization's lock in hand that may fail: each means that terms changed at that very moment. */
const MOST_TRIES = 20;

function attemptAfter(tries: number): Attempt {
  if (tries > MOST_TRIES) throw new Error(`a command was not decided in ${tries} attempts`);
  return tries === 0 ? 1 : tries === 1 ? 2 : 3;
}

// Deadlock and serialization failure: the other transaction has won and is gone.
function isPassing(error: unknown): boolean {
  const { driverError } = error as { driverError?: { code?: unknown } };
  const code = driverError?.code ?? (error as { code?: unknown }).code;
  return code === '40P01' || code === '40001';
}
