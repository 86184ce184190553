import { setImmediate as turn } from 'node:timers/promises';
import type { KafkaBroker, KafkaFault, Protocol, ProduceReply } from './kafka-internals.js';
import { produceWithin } from './kafka-produce.js';

/** `topic[partition]` of one request, in its order, with the text of each batch. */
type Sent = readonly (readonly [string, string])[];

/** A broker that keeps what it is sent until the test answers. */
class HeldBroker {
  readonly requests: { sent: Sent; answer(codes?: readonly number[]): void; fail(): void }[] = [];
  readonly produce = produceWithin(5_000);

  async append(partition: number, batch: string, topic = 't'): Promise<string> {
    const bytes = Buffer.from(batch);
    const reply = await this.produce(this.asBroker(), { topic, partition }, bytes);
    const named = reply.topics
      .find(({ topicName }) => topicName === topic)
      ?.partitions.find((one) => one.partition === partition);
    return named?.baseOffset ?? 'not named';
  }

  private readonly pool = {
    host: 'held',
    port: 1,
    send: async ({ request }: Protocol): Promise<ProduceReply> => {
      const { buffer } = (await request.encode()) as { buffer: Buffer };
      const sent = readBody(buffer);
      return new Promise((resolve, reject) => {
        this.requests.push({
          sent,
          answer: (codes = []) => resolve(replyTo(sent, codes)),
          fail: () => reject(new Error('the connection is gone')),
        });
      });
    },
  };
  private readonly broker = { nodeId: 1, connectionPool: this.pool } as unknown as KafkaBroker;

  private asBroker(): KafkaBroker {
    return this.broker;
  }
}

// The base offset is 100 and the partition.
function replyTo(sent: Sent, codes: readonly number[]): ProduceReply {
  const answers = sent.map(([name], index) => {
    const [, topicName = '', partition = ''] = /^(.*)\[(\d+)\]$/.exec(name) ?? [];
    const baseOffset = String(100 + Number(partition));
    const errorCode = codes[index] ?? 0;
    return { topicName, partition: Number(partition), errorCode, baseOffset, logAppendTime: '0' };
  });
  const topics = Map.groupBy(answers, ({ topicName }) => topicName);
  return { topics: [...topics].map(([topicName, partitions]) => ({ topicName, partitions })) };
}

// https://kafka.apache.org/protocol#The_Messages_Produce, version 7.
function readBody(body: Buffer): Sent {
  expect([body.readInt16BE(0), body.readInt16BE(2), body.readInt32BE(4)]).toEqual([-1, -1, 5_000]);
  const sent: [string, string][] = [];
  let at = 12;
  for (let topics = body.readInt32BE(8); topics > 0; topics -= 1) {
    const length = body.readInt16BE(at);
    const topic = body.toString('utf8', at + 2, at + 2 + length);
    at += 2 + length;
    let partitions = body.readInt32BE(at);
    at += 4;
    for (; partitions > 0; partitions -= 1) {
      const bytes = body.readInt32BE(at + 4);
      sent.push([
        `${topic}[${body.readInt32BE(at)}]`,
        body.toString('utf8', at + 8, at + 8 + bytes),
      ]);
      at += 8 + bytes;
    }
  }
  expect(at).toBe(body.length);
  return sent;
}

describe('produce request', () => {
  it('takes the batches of one turn together, each answered by its own offset', async () => {
    const broker = new HeldBroker();
    const appended = [broker.append(3, 'c'), broker.append(1, 'a'), broker.append(0, 'b', 'u')];
    await turn();
    await turn();
    expect(broker.requests.map(({ sent }) => sent)).toEqual([
      [
        ['t[3]', 'c'],
        ['t[1]', 'a'],
        ['u[0]', 'b'],
      ],
    ]);
    broker.requests[0]?.answer();
    expect(await Promise.all(appended)).toEqual(['103', '101', '100']);
  });

  it('waits for the one before it, and then takes all that came meanwhile', async () => {
    const broker = new HeldBroker();
    const first = broker.append(0, 'a');
    await turn();
    await turn();
    const second = [broker.append(1, 'b'), broker.append(2, 'c')];
    await turn();
    await turn();
    expect(broker.requests).toHaveLength(1);
    broker.requests[0]?.answer();
    await first;
    await turn();
    await turn();
    expect(broker.requests[1]?.sent).toEqual([
      ['t[1]', 'b'],
      ['t[2]', 'c'],
    ]);
    broker.requests[1]?.answer();
    expect(await Promise.all(second)).toEqual(['101', '102']);
  });

  it('tells an error of one partition to its caller alone', async () => {
    const broker = new HeldBroker();
    const appended = [broker.append(0, 'a'), broker.append(1, 'b'), broker.append(2, 'c')];
    await turn();
    await turn();
    // 6 is NOT_LEADER_FOR_PARTITION, 10 MESSAGE_TOO_LARGE.
    broker.requests[0]?.answer([6, 0, 10]);
    const settled = await Promise.allSettled(appended);
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : typeOf(one)))).toEqual([
      'NOT_LEADER_FOR_PARTITION',
      '101',
      'MESSAGE_TOO_LARGE',
    ]);
  });

  it('that fails is told to its callers and to those behind it, and the next one goes out', async () => {
    const broker = new HeldBroker();
    const sent = broker.append(0, 'a');
    await turn();
    await turn();
    const behind = broker.append(1, 'b');
    broker.requests[0]?.fail();
    const settled = await Promise.allSettled([sent, behind]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const again = broker.append(1, 'b');
    await turn();
    await turn();
    broker.requests[1]?.answer();
    expect(await again).toBe('101');
  });

  it('never holds a partition twice', async () => {
    const broker = new HeldBroker();
    const appended = [broker.append(0, 'a'), broker.append(0, 'b'), broker.append(1, 'c')];
    await turn();
    await turn();
    expect(broker.requests[0]?.sent.map(([, batch]) => batch)).toEqual(['a']);
    broker.requests[0]?.answer();
    await appended[0];
    await turn();
    await turn();
    expect(broker.requests[1]?.sent.map(([, batch]) => batch)).toEqual(['b', 'c']);
    broker.requests[1]?.answer();
    await Promise.all(appended);
  });

  it('holds 4 MiB, or one batch that is larger', async () => {
    const broker = new HeldBroker();
    const large = 'x'.repeat(3 << 20);
    const appended = [broker.append(0, large), broker.append(1, large), broker.append(2, 'c')];
    for (const partitions of [['t[0]'], ['t[1]', 't[2]']]) {
      await turn();
      await turn();
      expect(broker.requests.at(-1)?.sent.map(([name]) => name)).toEqual(partitions);
      broker.requests.at(-1)?.answer();
    }
    expect(await Promise.all(appended)).toEqual(['100', '101', '102']);
  });
});

function typeOf({ reason }: PromiseRejectedResult): string | undefined {
  return (reason as KafkaFault).type;
}
