import { gate } from '#libs/events/gate.js';
import { USAGE_RECORDED } from '#libs/events/topics.js';
import type { UsageEvent } from '#libs/events/usage-event.js';
import { LogUnavailable, type Appended, type NewRecord } from '#libs/log/event-log.js';
import { partitionOf } from '#libs/log/partition.js';
import { MemoryLog } from '#libs/testing/memory-log.js';
import { MESSAGE, MESSAGE_NOW } from '#libs/testing/usage-message.js';
import type { AdmittedEvent } from '../domain/admission.js';
import { UsageLog } from './usage-log.js';

const ORGANIZATIONS = ['org_a', 'org_b', 'org_c', 'org_d', 'org_e'];
const PARTITIONS = 4;

class LogWithOnePartitionAway extends MemoryLog {
  leaderless: number | undefined;

  override async append(
    topic: string,
    partition: number,
    records: readonly NewRecord[],
  ): Promise<Appended> {
    if (partition === this.leaderless)
      throw new LogUnavailable(`partition ${partition} has no leader`);
    return super.append(topic, partition, records);
  }
}

function admitted(subject: string, id: string): AdmittedEvent {
  const bytes = Buffer.from(JSON.stringify({ ...MESSAGE, subject, id }));
  const gated = gate(bytes, { now: MESSAGE_NOW });
  if ('refusal' in gated) throw new Error(gated.refusal.detail);
  return { event: gated.event, bytes };
}

function stand() {
  const log = new LogWithOnePartitionAway({ partitions: PARTITIONS });
  const counted: [number, string][] = [];
  const totals = {
    acknowledged(partition: number, events: readonly UsageEvent[]): void {
      for (const { id } of events) counted.push([partition, id]);
    },
  };
  return { log, counted, usage: new UsageLog(log, totals) };
}

describe('usage log', () => {
  it('keeps an organization’s events in its partition, in order, by its key', async () => {
    const { log, usage } = stand();
    const events = ORGANIZATIONS.flatMap((name) => [admitted(name, '1'), admitted(name, '2')]);
    const positions = await usage.append(events);
    for (const name of ORGANIZATIONS) {
      const partition = partitionOf(name, PARTITIONS);
      const records = await log.read(USAGE_RECORDED, partition, 0);
      const own = records.filter(({ key }) => key === name);
      expect(own.map(({ value }) => (JSON.parse(value.toString()) as { id: string }).id)).toEqual([
        '1',
        '2',
      ]);
      expect(positions.get(partition)).toBe(records.length);
    }
  });

  it('rejects when one partition is away, after the others have settled', async () => {
    const { log, counted, usage } = stand();
    log.leaderless = partitionOf('org_a', PARTITIONS);
    const events = ORGANIZATIONS.map((name) => admitted(name, name));
    await expect(usage.append(events)).rejects.toBeInstanceOf(LogUnavailable);
    const held = ORGANIZATIONS.filter((name) => partitionOf(name, PARTITIONS) !== log.leaderless);
    expect(counted.map(([, id]) => id).toSorted()).toEqual(held);
  });

  it('counts exactly what the log acknowledged', async () => {
    const { log, counted, usage } = stand();
    await usage.append([admitted('org_a', 'x'), admitted('org_b', 'y')]);
    log.available(false);
    await expect(usage.append([admitted('org_a', 'z')])).rejects.toBeInstanceOf(LogUnavailable);
    expect(counted).toEqual([
      [partitionOf('org_a', PARTITIONS), 'x'],
      [partitionOf('org_b', PARTITIONS), 'y'],
    ]);
  });
});
