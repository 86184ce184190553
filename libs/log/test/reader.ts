import type {
  BatchOutcome,
  EventLog,
  LogBatch,
  LogConsumer,
  StoredRecord,
  TopicPartition,
} from '../event-log.js';

type Decide = (batch: LogBatch, reader: Reader) => BatchOutcome | Promise<BatchOutcome>;

/** A consumer for specs: keeps what it was given, in order, and waits for conditions instead of times. */
export class Reader {
  readonly batches: { readonly at: TopicPartition; readonly records: readonly StoredRecord[] }[] =
    [];
  readonly assignments: (readonly TopicPartition[])[] = [];
  readonly crashes: Error[] = [];
  consumer: LogConsumer | undefined;
  onAssigned: (partitions: readonly TopicPartition[]) => void = () => undefined;

  constructor(private readonly decide: Decide = () => ({ kind: 'applied' })) {}

  async start(log: EventLog, group: string, topics: readonly string[]): Promise<this> {
    this.consumer = await log.consume({
      group,
      topics,
      onAssigned: (partitions) => {
        this.assignments.push(partitions);
        this.onAssigned(partitions);
      },
      onBatch: async (batch) => {
        this.batches.push({
          at: { topic: batch.topic, partition: batch.partition },
          records: batch.records,
        });
        return this.decide(batch, this);
      },
      onCrash: (error) => this.crashes.push(error),
    });
    return this;
  }

  /** The partitions that this member has now. */
  get assigned(): readonly number[] {
    return (this.assignments.at(-1) ?? [])
      .map(({ partition }) => partition)
      .toSorted((a, b) => a - b);
  }

  /** Every record given so far, in the order given, as text. */
  get texts(): string[] {
    return this.batches.flatMap(({ records }) => records.map(({ value }) => value.toString()));
  }

  offsetsOf(partition: number): number[] {
    return this.batches
      .filter(({ at }) => at.partition === partition)
      .flatMap(({ records }) => records.map(({ offset }) => offset));
  }

  async stop(): Promise<void> {
    await this.consumer?.stop();
  }
}

/** Waits until the condition holds; says what was asked for when it does not within 90 s: a session of 45 s may have to run out first. */
export async function until(condition: () => boolean, what: () => unknown): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!condition()) {
    if (performance.now() > deadline)
      throw new Error(`did not come true: ${condition.toString()}; ${JSON.stringify(what())}`);
    await wait(5);
  }
}

export async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
