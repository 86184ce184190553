import type { ConsumeOptions, LogConsumer, TopicPartition } from '../log/event-log.js';
import { assignRoundRobin } from '../log/assignment.js';
import { PolledConsumer, type PolledSource } from '../log/polled-consumer.js';

interface Member {
  readonly id: string;
  readonly partitions: readonly TopicPartition[];
  readonly consumer: PolledConsumer;
}

/** A consumer group in memory: each join or leave takes everything from everyone, waits for handlers, and deals anew. */
export class MemoryGroup {
  private members: readonly Member[] = [];
  private joined = 0;
  private settling: Promise<void> = Promise.resolve();

  async join(
    options: ConsumeOptions,
    partitions: readonly TopicPartition[],
    log: Pick<PolledSource, 'peek' | 'untilReadable'>,
  ): Promise<LogConsumer> {
    this.joined += 1;
    const id = String(this.joined).padStart(6, '0');
    const consumer = new PolledConsumer(options, {
      ...log,
      commitHint: () => undefined,
      leave: async () => this.change((members) => members.filter((member) => member.id !== id)),
    });
    await this.change((members) => [...members, { id, partitions, consumer }]);
    return consumer;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.members.map(async ({ consumer }) => consumer.stop()));
  }

  private async change(next: (members: readonly Member[]) => readonly Member[]): Promise<void> {
    this.settling = this.settling.then(async () => {
      this.members = next(this.members);
      const shares = assignRoundRobin(this.members);
      await Promise.all(
        this.members.map(async ({ id, consumer }) => consumer.release(shares.get(id) ?? [])),
      );
      for (const { id, consumer } of this.members) await consumer.assign(shares.get(id) ?? []);
    });
    return this.settling;
  }
}
