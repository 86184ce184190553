// A consumer group on kafkajs's `eachBatch`, after the skeleton of kafkajs.md 3a. Broker offsets are never trusted: each partition
// that comes starts at its oldest record and is moved by `seek`. Nothing but a heartbeat's error is ever thrown to kafkajs, since
// one exception ends the round of all partitions.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import {
  type BatchOutcome,
  type ConsumeOptions,
  type LogConsumer,
  LogUnavailable,
  PartitionRevoked,
  type TopicPartition,
} from './event-log.js';
import {
  CONSUMER_SETTINGS,
  SILENCE_MS,
  SIGNS_OF_LIFE,
  STOP_GRACE_MS,
} from './kafka-consumer-settings.js';
import { PartitionHolds } from './partition-holds.js';
import { contiguous, toStoredRecord } from './kafka-records.js';

const DEFAULT_CONCURRENCY = 4;

/** Where one assigned partition stands in this process. */
interface Place {
  readonly at: TopicPartition;
  /** The offset after the last batch that was applied, or the last seek. */
  position: number;
  /** Grows with each seek and each settling of the group: a batch of an older epoch is stale. */
  epoch: number;
  busy: boolean;
}

/** Joins the group and delivers. Rejects with LogUnavailable when no broker answers. */
export async function consumeFromKafka(
  kafka: Kafka,
  options: ConsumeOptions,
): Promise<LogConsumer> {
  const consumer = new KafkaConsumer(
    kafka.consumer({ ...CONSUMER_SETTINGS, groupId: options.group }),
    options,
  );
  await consumer.start();
  return consumer;
}

class KafkaConsumer implements LogConsumer {
  private places = new Map<string, Place>();
  private readonly holds: PartitionHolds;
  private watchdog: NodeJS.Timeout | undefined;
  private lastSign = performance.now();
  private ended = false;

  constructor(
    private readonly client: Consumer,
    private readonly options: ConsumeOptions,
  ) {
    this.holds = new PartitionHolds((at, held) => this.apply(at, held));
  }

  async start(): Promise<void> {
    const { client, options } = this;
    const { GROUP_JOIN, CRASH } = client.events;
    client.on(GROUP_JOIN, ({ payload }) => this.settled(payload.memberAssignment));
    client.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.crash(payload.error);
    });
    for (const sign of SIGNS_OF_LIFE)
      client.on(client.events[sign], () => {
        this.lastSign = performance.now();
      });
    try {
      await client.connect();
      await client.subscribe({ topics: [...options.topics], fromBeginning: true });
      await client.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: options.concurrency ?? DEFAULT_CONCURRENCY,
        eachBatch: async (payload) => this.deliver(payload),
      });
    } catch (error) {
      await client.disconnect().catch(() => undefined);
      throw new LogUnavailable(`the group ${options.group} cannot be joined: ${String(error)}`, {
        cause: error,
      });
    }
    this.watchdog = setInterval(() => this.watch(), SILENCE_MS / 4);
  }

  seek(at: TopicPartition, offset: number): void {
    const place = this.places.get(keyOf(at));
    if (!place) return;
    place.position = offset;
    place.epoch += 1;
    this.holds.hurry(at);
    this.moveTo(place);
  }

  pause(at: TopicPartition): void {
    this.holds.pause(at);
  }

  resume(at: TopicPartition): void {
    this.holds.resume(at);
  }

  commitHint({ topic, partition }: TopicPartition, offset: number): void {
    quietly(async () => this.client.commitOffsets([{ topic, partition, offset: String(offset) }]));
  }

  async stop(): Promise<void> {
    this.end();
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_GRACE_MS);
    });
    // kafkajs waits for the running handlers before it leaves the group.
    await Promise.race([this.client.disconnect().catch(() => undefined), grace]);
    clearTimeout(timer);
  }

  // Called by kafkajs between the end of a join and its next fetch, so that the seeks made here come before any batch.
  private settled(assignment: Readonly<Record<string, readonly number[]>>): void {
    // A join that was under way when `stop` was called ends here; kafkajs itself would go on consuming.
    if (this.ended) return quietly(async () => this.client.disconnect());
    const partitions = Object.entries(assignment).flatMap(([topic, numbers]) =>
      numbers.toSorted((a, b) => a - b).map((partition) => ({ topic, partition })),
    );
    const before = this.places;
    this.places = new Map();
    for (const at of partitions) {
      const place = before.get(keyOf(at)) ?? { at, position: 0, epoch: 0, busy: false };
      place.epoch += 1;
      this.places.set(keyOf(at), place);
      this.moveTo(place);
      // kafkajs forgets pauses when it restarts after a fault, and keeps them otherwise.
      this.apply(at, this.holds.isHeld(at));
    }
    try {
      this.options.onAssigned(partitions);
    } catch (error) {
      this.crash(error);
    }
  }

  private async deliver(payload: EachBatchPayload): Promise<void> {
    const { topic, partition, messages, highWatermark } = payload.batch;
    const place = this.places.get(keyOf({ topic, partition }));
    if (!place || place.busy || !payload.isRunning() || payload.isStale()) return;
    if (this.ended || this.holds.isHeld(place.at)) return;
    const { epoch } = place;
    const records = contiguous(messages.map(toStoredRecord));
    const isStale = () =>
      this.ended || this.places.get(keyOf(place.at)) !== place || place.epoch !== epoch;
    let lost: unknown;
    const heartbeat = async () => {
      try {
        await payload.heartbeat();
      } catch (error) {
        lost = error;
        throw error;
      }
      if (this.places.get(keyOf(place.at)) !== place) throw new PartitionRevoked(place.at);
    };
    place.busy = true;
    try {
      const outcome = await this.options.onBatch({
        ...place.at,
        records,
        high: Number(highWatermark),
        heartbeat,
        isStale,
      });
      if (!isStale()) this.conclude(place, outcome, records.at(-1)?.offset ?? 0, payload);
    } catch (error) {
      if (error !== lost && !(error instanceof PartitionRevoked)) this.crash(error);
    } finally {
      place.busy = false;
    }
    // Also when the reader swallowed it: kafkajs would otherwise not rejoin, and loop.
    if (lost !== undefined) throw lost;
  }

  private conclude(
    place: Place,
    outcome: BatchOutcome,
    last: number,
    payload: EachBatchPayload,
  ): void {
    if (outcome.kind === 'seek') this.seek(place.at, outcome.offset);
    if (outcome.kind === 'pause') this.holds.pause(place.at);
    // Without `resolveOffset` kafkajs fetches the same offset again.
    if (outcome.kind === 'retry') this.holds.delay(place.at, outcome.afterMs);
    if (outcome.kind !== 'applied') return;
    place.position = last + 1;
    quietly(() => payload.resolveOffset(String(last)));
  }

  private moveTo({ at: { topic, partition }, position }: Place): void {
    quietly(() => this.client.seek({ topic, partition, offset: String(position) }));
  }

  private apply({ topic, partition }: TopicPartition, held: boolean): void {
    const parts = [{ topic, partitions: [partition] }];
    // Between a fault and kafkajs's own restart there is nothing to pause: `settled` applies it again.
    quietly(() => (held ? this.client.pause(parts) : this.client.resume(parts)));
  }

  private watch(): void {
    const working = [...this.places.values()].some(({ busy }) => busy);
    if (working) this.lastSign = performance.now();
    if (performance.now() - this.lastSign > SILENCE_MS)
      this.crash(new Error(`the consumer ${this.options.group} is silent for ${SILENCE_MS} ms`));
  }

  private crash(error: unknown): void {
    if (this.ended) return;
    this.end();
    quietly(async () => this.client.disconnect());
    this.options.onCrash(error instanceof Error ? error : new Error(String(error)));
  }

  private end(): void {
    this.ended = true;
    clearInterval(this.watchdog);
    this.holds.clear();
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

// kafkajs throws from these calls while it is between two groups; whatever they were to do is done again when it has joined.
function quietly(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(() => undefined);
  } catch {
    return;
  }
}
