// A consumer group on kafkajs's `eachBatch`, after the skeleton of kafkajs.md 3a. Broker offsets are never trusted: each partition
// that comes starts at its oldest record and is moved by `seek`. Nothing but a heartbeat's error is ever thrown to kafkajs, since
// one exception ends the round of all partitions.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import {
  type BatchOutcome,
  type ConsumeOptions,
  type LogConsumer,
  LogUnavailable,
  type TopicPartition,
} from './event-log.js';
import {
  CONSUMER_SETTINGS,
  SILENCE_MS,
  SIGNS_OF_LIFE,
  STOP_GRACE_MS,
} from './kafka-consumer-settings.js';
import { PartitionHolds } from './partition-holds.js';
import { SilenceWatch } from './silence-watch.js';
import { giveBatch } from './kafka-delivery.js';
import { type Place, Places } from './kafka-places.js';

const DEFAULT_CONCURRENCY = 4;

/** Joins the group and delivers. Rejects with LogUnavailable when no broker answers. */
export async function consumeFromKafka(
  kafka: Kafka,
  options: ConsumeOptions,
  sessionTimeout: number = CONSUMER_SETTINGS.sessionTimeout,
): Promise<LogConsumer> {
  const settings = { ...CONSUMER_SETTINGS, sessionTimeout, groupId: options.group };
  const consumer = new KafkaConsumer(kafka.consumer(settings), options);
  await consumer.start();
  return consumer;
}

class KafkaConsumer implements LogConsumer {
  private readonly places = new Places();
  private readonly holds: PartitionHolds;
  private readonly silence: SilenceWatch;
  private ended = false;
  private stopping: Promise<void> | undefined;

  constructor(
    private readonly client: Consumer,
    private readonly options: ConsumeOptions,
  ) {
    this.holds = new PartitionHolds((at, held) => this.apply(at, held));
    this.silence = new SilenceWatch(
      SILENCE_MS,
      () => this.places.isBusy(),
      () => this.crash(new Error(`the consumer ${options.group} is silent for ${SILENCE_MS} ms`)),
    );
  }

  async start(): Promise<void> {
    const { client, options } = this;
    const { GROUP_JOIN, CRASH } = client.events;
    client.on(GROUP_JOIN, ({ payload }) => this.settled(payload.memberAssignment));
    client.on(CRASH, ({ payload }) => {
      if (!payload.restart) this.crash(payload.error);
    });
    for (const sign of SIGNS_OF_LIFE) client.on(client.events[sign], () => this.silence.sign());
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
    if (!this.ended) this.silence.start();
  }

  seek(at: TopicPartition, offset: number): void {
    const place = this.places.get(at);
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
    this.stopping ??= this.leave();
    return this.stopping;
  }

  private async leave(): Promise<void> {
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
    for (const place of this.places.settle(partitions)) {
      this.moveTo(place);
      // kafkajs forgets pauses when it restarts after a fault, and keeps them otherwise.
      this.apply(place.at, this.holds.isHeld(place.at));
    }
    try {
      this.options.onAssigned(partitions);
    } catch (error) {
      this.crash(error);
    }
  }

  private async deliver(payload: EachBatchPayload): Promise<void> {
    const place = this.places.get(payload.batch);
    if (!place || place.busy || !payload.isRunning() || payload.isStale()) return;
    if (this.ended || this.holds.isHeld(place.at)) return;
    const { places } = this;
    const { epoch } = place;
    const isStale = () => this.ended || !places.has(place) || place.epoch !== epoch;
    place.busy = true;
    const delivered = await giveBatch(payload, { place, places, isStale }, this.options);
    place.busy = false;
    if (delivered.mistake !== undefined) this.crash(delivered.mistake);
    if (delivered.outcome && !isStale()) {
      this.conclude(place, delivered.outcome, delivered.lastOffset);
      // Without it kafkajs fetches the same offset again, which is what every other outcome wants.
      if (delivered.outcome.kind === 'applied')
        quietly(() => payload.resolveOffset(String(delivered.lastOffset)));
    }
    if (delivered.lost !== undefined) throw delivered.lost;
  }

  private conclude(place: Place, outcome: BatchOutcome, lastOffset: number): void {
    if (outcome.kind === 'applied') place.position = lastOffset + 1;
    if (outcome.kind === 'seek') this.seek(place.at, outcome.offset);
    if (outcome.kind === 'pause') this.holds.pause(place.at);
    if (outcome.kind === 'retry') this.holds.delay(place.at, outcome.afterMs);
  }

  private moveTo({ at: { topic, partition }, position }: Place): void {
    quietly(() => this.client.seek({ topic, partition, offset: String(position) }));
  }

  private apply({ topic, partition }: TopicPartition, held: boolean): void {
    const parts = [{ topic, partitions: [partition] }];
    // Between a fault and kafkajs's own restart there is nothing to pause: `settled` applies it again.
    quietly(() => (held ? this.client.pause(parts) : this.client.resume(parts)));
  }

  private crash(error: unknown): void {
    if (this.ended) return;
    this.end();
    quietly(async () => this.client.disconnect());
    this.options.onCrash(error instanceof Error ? error : new Error(String(error)));
  }

  private end(): void {
    this.ended = true;
    this.silence.stop();
    this.holds.clear();
  }
}

// kafkajs throws from these calls while it is between two groups; whatever they were to do is done again when it has joined.
function quietly(call: () => unknown): void {
  try {
    Promise.resolve(call()).catch(() => undefined);
  } catch {
    return;
  }
}
