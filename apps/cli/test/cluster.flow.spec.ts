// Three brokers, replication 3, two copies needed; three ingest instances and two of each reader. Brokers are killed one after the
// other while events flow, and readers come and go. `CLUSTER_EVENTS=200000 npm test -- cluster.flow` is the large run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newApiKey } from '#libs/http/api-key.js';
import { pause } from '#libs/stack/children.js';
import { kafkaAvailability } from '#libs/stack/kafka.js';
import { LocalKafkaCluster } from '#libs/stack/kafka-cluster.js';
import { describeUnless } from '#libs/testing/kafka.js';
import { Fleet, type Kind } from './cluster/fleet.js';
import { meteringSums, readerSums, untilCounted, untilRead } from './cluster/readings.js';
import { sendAll } from './cluster/sender.js';

const EVENTS = Number(process.env['CLUSTER_EVENTS'] ?? 20_000);
const SEED = Number(process.env['CLUSTER_SEED'] ?? Date.now() % 1_000_000);
const LIMIT_MS = 120_000 + EVENTS * 3;

describeUnless(kafkaAvailability(), `three brokers, CLUSTER_SEED=${SEED}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-cluster-'));
  const { key } = newApiKey();
  let cluster: LocalKafkaCluster;
  let fleet: Fleet;

  beforeAll(async () => {
    cluster = await LocalKafkaCluster.start(dir);
    fleet = new Fleet(cluster.brokers, key);
    await fleet.start({ ingest: 3, metering: 2, quota: 2, invoicing: 2 });
  }, 240_000);

  afterAll(async () => {
    await fleet?.stop();
    await cluster?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  // Kills a broker, and a reader in its shadow; both come back before the next.
  async function disturb(isOver: () => boolean): Promise<{ kills: number; bounces: number }> {
    const readers: readonly Kind[] = ['metering', 'quota', 'invoicing', 'ingest'];
    let kills = 0;
    for (let round = 0; !isOver() || kills < 3; round += 1) {
      await cluster.kill(round % cluster.size);
      kills += 1;
      const kind = readers[round % readers.length] as Kind;
      await Promise.all([
        fleet.bounce(kind, round % 2, round % 2 === 0 ? 'SIGKILL' : 'SIGTERM'),
        pause(3_000),
      ]);
      await cluster.restart(round % cluster.size);
      // The broker must be in sync again before another dies: with one copy of two nothing is taken.
      await pause(4_000);
    }
    return { kills, bounces: kills };
  }

  it(
    'counts every acknowledged event once in all three readers, whatever leader dies',
    async () => {
      let isOver = false;
      const doors = { key, urls: () => fleet.urls('ingest') };
      const sending = sendAll(doors, EVENTS, SEED).finally(() => {
        isOver = true;
      });
      const [ledger, faults] = await Promise.all([sending, disturb(() => isOver)]);
      const url = (kind: Kind): string => fleet.databases.get(kind) as string;
      await untilCounted(url('metering'), ledger.events, LIMIT_MS);
      await untilRead(url('quota'), ledger.events, LIMIT_MS);
      await untilRead(url('invoicing'), ledger.events, LIMIT_MS);
      expect(ledger.events).toBe(EVENTS);
      expect(faults.kills).toBeGreaterThanOrEqual(3);
      expect(await meteringSums(url('metering'))).toEqual(ledger.sums);
      expect(await readerSums(url('quota'))).toEqual(ledger.sums);
      expect(await readerSums(url('invoicing'))).toEqual(ledger.sums);
    },
    2 * LIMIT_MS,
  );
});
