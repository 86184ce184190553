// The Produce request (version 7, the newest that kafkajs can read the answer of): one batch each of as many partitions as wait.
// A broker works through the requests of a connection one after another and spends a tenth of a millisecond on each, so what comes
// while one is on its way goes out together as the next. The invariant: each partition is answered for by name, or its caller rejects.
import type { TopicPartition } from './event-log.js';
import {
  createErrorFromCode,
  Encoder,
  type KafkaBroker,
  PRODUCE_V7_RESPONSE,
  type ProduceReply,
} from './kafka-internals.js';
import { produceBody, type Waiting } from './kafka-produce-body.js';

const PRODUCE = 0;
const VERSION = 7;
/** Packed bytes of one request, one batch at least: a broker's own limit is 100 MiB, and its answer is waited for by all of them. */
const MOST_BYTES = 4 << 20;

/** Sends one encoded batch to a broker; rejects with kafkajs's errors, also for an error code in the answer. */
export type Produce = (
  broker: KafkaBroker,
  at: TopicPartition,
  batch: Buffer,
) => Promise<ProduceReply>;

interface Call extends Waiting {
  readonly resolve: (reply: ProduceReply) => void;
  readonly reject: (error: unknown) => void;
}

/** `timeoutMs`: how long the broker may wait for the other replicas. */
export function produceWithin(timeoutMs: number): Produce {
  const queues = new WeakMap<KafkaBroker, ProduceQueue>();
  return async (broker, at, batch) => {
    const queue = queues.get(broker) ?? new ProduceQueue(broker, timeoutMs);
    queues.set(broker, queue);
    return queue.produce(at, batch);
  };
}

/** What goes to one broker: at most one request unanswered. */
class ProduceQueue {
  private waiting: Call[] = [];
  private isSending = false;

  constructor(
    private readonly broker: KafkaBroker,
    private readonly timeoutMs: number,
  ) {}

  async produce(at: TopicPartition, batch: Buffer): Promise<ProduceReply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ at, batch, resolve, reject });
      this.begin();
    });
  }

  // Behind what the same turn of the event loop still brings: a request over HTTP is for a dozen partitions at once.
  private begin(): void {
    if (this.isSending || this.waiting.length === 0) return;
    this.isSending = true;
    setImmediate(() => void this.sendNext());
  }

  private async sendNext(): Promise<void> {
    const calls = this.next();
    try {
      const reply = await this.send(calls);
      for (const call of calls) answer(call, reply);
    } catch (error) {
      // The connection is in doubt: those behind ask for the leader again, as those that were sent do.
      for (const call of [...calls, ...this.waiting.splice(0)]) call.reject(error);
    }
    this.isSending = false;
    this.begin();
  }

  private next(): Call[] {
    const taken: Call[] = [];
    const left: Call[] = [];
    const partitions = new Set<string>();
    let bytes = 0;
    for (const call of this.waiting) {
      const name = `${call.at.topic}[${call.at.partition}]`;
      bytes += call.batch.length;
      const fits = taken.length === 0 || (left.length === 0 && bytes <= MOST_BYTES);
      if (fits && !partitions.has(name)) taken.push(call);
      else left.push(call);
      partitions.add(name);
    }
    this.waiting = left;
    return taken;
  }

  private async send(calls: readonly Waiting[]): Promise<ProduceReply> {
    const encode = async () => {
      const body = produceBody(calls, this.timeoutMs);
      const encoder = new Encoder(body.length);
      encoder.writeBufferInternal(body);
      return encoder;
    };
    return (await this.broker.connectionPool.send({
      request: { apiKey: PRODUCE, apiVersion: VERSION, apiName: 'Produce', encode },
      // kafkajs's own parsing would throw the first partition's error at all of them.
      response: { decode: PRODUCE_V7_RESPONSE.decode, parse: async (reply: ProduceReply) => reply },
    })) as ProduceReply;
  }
}

function answer({ at, resolve, reject }: Call, reply: ProduceReply): void {
  const named = reply.topics
    .find(({ topicName }) => topicName === at.topic)
    ?.partitions.find(({ partition }) => partition === at.partition);
  if (named && named.errorCode !== 0) reject(createErrorFromCode(named.errorCode));
  else resolve(reply);
}
