// Metering against Kafka Streams with exactly_once_v2 on the same topic of the same broker: counting alone, and counting each id once
// as metering does.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { USAGE_RECORDED } from '../libs/events/topics.js';
import { openLog } from '../libs/log/open-log.js';
import { projectRoot } from '../libs/stack/service-process.js';
import { benchEvents } from './events.js';
import { type BenchResult, machine, median, type Say } from './measure.js';
import { appendAll, foldFrom } from './metering.js';
import { SIZES } from './sizes.js';
import { openStand } from './stand.js';

const WARM_UP = Math.min(100_000, SIZES.events);
const run = promisify(execFile);

interface Rates {
  readonly metering: number;
  readonly count: number;
  readonly once: number;
}

export async function benchStreams(say: Say): Promise<BenchResult> {
  const classPath = await peerClassPath();
  const stand = await openStand();
  const log = await openLog({ kind: 'kafka', brokers: [stand.brokers], clientId: 'bench' });
  const rounds: Rates[] = [];
  try {
    await (await stand.service('metering')).stop();
    for (let round = 0; round <= SIZES.rounds; round += 1) {
      const before = (await log.watermarks(USAGE_RECORDED)).reduce(
        (sum, { high }) => sum + high,
        0,
      );
      const events = benchEvents(WARM_UP + SIZES.events, 200 + round, SIZES.organizations);
      const target = await appendAll(log, events);
      // The peer reads from the beginning each time: what earlier rounds left warms it up.
      const peer = async (how: 'count' | 'once'): Promise<number> =>
        countByStreams(classPath, stand.brokers, { warm: before + WARM_UP, all: target, how });
      const rates = {
        metering: (await foldFrom(stand, before + WARM_UP, target)).perSecond,
        count: await peer('count'),
        once: await peer('once'),
      };
      say(`round ${round}: ${JSON.stringify(rates)} events/s`);
      if (round > 0 || SIZES.rounds === 0) rounds.push(rates);
    }
  } finally {
    await log.close();
    await stand.close();
  }
  const middle = (name: keyof Rates): number => median(rounds.map((rates) => rates[name]));
  const figures = {
    metering_events_per_second: middle('metering'),
    streams_counting_alone_per_second: middle('count'),
    streams_each_id_once_per_second: middle('once'),
  };
  const ratios = {
    metering_to_streams_counting_alone: middle('metering') / middle('count'),
    metering_to_streams_each_id_once: middle('metering') / middle('once'),
  };
  return { bench: 'streams', ratios, figures, machine: machine() };
}

async function countByStreams(
  classPath: string,
  brokers: string,
  { warm, all, how }: { readonly warm: number; readonly all: number; readonly how: string },
): Promise<number> {
  const state = mkdtempSync(join(tmpdir(), 'meterbook-streams-'));
  try {
    const args = ['-Xmx1g', '-XX:+UseParallelGC', '-cp', classPath, 'CountUsage'];
    const peer = [brokers, USAGE_RECORDED, String(warm), String(all), how, state];
    const { stdout } = await run('java', [...args, ...peer], { maxBuffer: 2 ** 24 });
    const rate = Number(/per_second=([\d.E]+)/.exec(stdout)?.[1]);
    if (!Number.isFinite(rate)) throw new Error(`the peer said: ${stdout.slice(0, 500)}`);
    return rate;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

// Maven resolves the jars and javac compiles the one class, once for each state of the two files.
async function peerClassPath(): Promise<string> {
  const sources = join(projectRoot(), 'bench', 'streams');
  const [pom, source] = [join(sources, 'pom.xml'), join(sources, 'CountUsage.java')];
  const hash = createHash('sha256').update(readFileSync(pom)).update(readFileSync(source));
  const folder = join(
    projectRoot(),
    '.meterbook',
    'cache',
    `streams-${hash.digest('hex').slice(0, 12)}`,
  );
  const classPath = `${join(folder, 'jars', '*')}:${folder}`;
  if (existsSync(join(folder, 'complete'))) return classPath;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const goal = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
  const out = [`-DoutputDirectory=${join(folder, 'jars')}`, '-DincludeScope=runtime'];
  await run('mvn', ['-q', '-B', '-f', pom, goal, ...out]);
  await run('javac', ['-cp', join(folder, 'jars', '*'), '-d', folder, source]);
  writeFileSync(join(folder, 'complete'), '');
  return classPath;
}
