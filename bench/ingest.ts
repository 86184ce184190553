// Ingest over HTTP into Kafka with acks=all, batches of 1,000, against Kafka's own ProducerPerformance on the same broker and bytes.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { USAGE_RECORDED } from '../libs/events/topics.js';
import { openLog } from '../libs/log/open-log.js';
import { ensureKafkaJars } from '../libs/stack/kafka-jars.js';
import { benchEvents } from './events.js';
import { ndjsonBodies, postAll } from './http-load.js';
import { type BenchResult, machine, secondsOf, type Say, takeTurns } from './measure.js';
import { SIZES } from './sizes.js';
import { openStand, type Stand } from './stand.js';

const PEER_TOPIC = 'bench.peer';

export async function benchIngest(say: Say): Promise<BenchResult> {
  const stand = await openStand();
  try {
    const ingest = await stand.service('ingest');
    await createPeerTopic(stand);
    const rates = await takeTurns(['ingest', 'ProducerPerformance'], say, async (round) => {
      const lines = benchEvents(SIZES.events, round).map(({ line }) => line);
      const bodies = ndjsonBodies(lines, 1_000);
      const load = { url: ingest.url, key: stand.adminKey, bodies, connections: 12 };
      const ours = SIZES.events / (await secondsOf(async () => postAll(load)));
      return { ours, peer: await producerPerformance(stand, lines) };
    });
    const figures = {
      ingest_events_per_second: rates.ours,
      producer_performance_per_second: rates.peer,
    };
    const ratio = figures.ingest_events_per_second / figures.producer_performance_per_second;
    return {
      bench: 'ingest',
      ratios: { ingest_to_producer_performance: ratio },
      figures,
      machine: machine(),
    };
  } finally {
    await stand.close();
  }
}

// The peer's topic has the partitions and settings of usage.recorded.
async function createPeerTopic(stand: Stand): Promise<void> {
  const log = await openLog({ kind: 'kafka', brokers: [stand.brokers], clientId: 'bench' });
  try {
    const partitions = await log.partitionCount(USAGE_RECORDED);
    await log.ensureTopics([{ name: PEER_TOPIC, partitions }]);
  } finally {
    await log.close();
  }
}

async function producerPerformance(stand: Stand, lines: readonly Buffer[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'meterbook-payload-'));
  try {
    const payload = join(folder, 'payload.ndjson');
    writeFileSync(
      payload,
      Buffer.concat(lines.slice(0, 20_000).flatMap((line) => [line, Buffer.from('\n')])),
    );
    const options = [
      '--topic',
      PEER_TOPIC,
      '--num-records',
      String(lines.length),
      '--throughput',
      '-1',
    ];
    const properties = [
      `bootstrap.servers=${stand.brokers}`,
      'acks=all',
      'batch.size=65536',
      'linger.ms=5',
    ];
    const tool = [
      '-cp',
      `${await ensureKafkaJars()}/*`,
      'org.apache.kafka.tools.ProducerPerformance',
    ];
    const args = [
      ...tool,
      ...options,
      '--payload-file',
      payload,
      '--command-property',
      ...properties,
    ];
    const { stdout } = await promisify(execFile)('java', args, { maxBuffer: 2 ** 24 });
    // The last line sums up: "200000 records sent, 155038.8 records/sec (…".
    const rates = [...stdout.matchAll(/([\d.]+) records\/sec/g)].map((match) => Number(match[1]));
    const rate = rates.at(-1);
    if (rate === undefined) throw new Error(`ProducerPerformance said: ${stdout.slice(0, 500)}`);
    return rate;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
