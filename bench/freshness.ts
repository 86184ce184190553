// How long from sending an event until /v1/usage shows it, while the chain works at half of what it was measured to take.
import { pause } from '../libs/stack/children.js';
import { formatInstant, HOUR_MS, hourOf } from '../libs/time/instant.js';
import { seededRandom } from '../apps/cli/domain/random.js';
import { uuidV7 } from '../apps/cli/domain/usage-message.js';
import { burst, type Chain, chainEvents, openChain } from './chain-stand.js';
import { benchEvents } from './events.js';
import { ndjsonBodies, postAll } from './http-load.js';
import { type BenchResult, machine, percentile, secondsOf, type Say } from './measure.js';
import { SIZES } from './sizes.js';

const WARM_UP = 100_000;
const PROBE_SECONDS = 20;
const PROBE_EVERY_MS = 100;

export async function benchFreshness(say: Say): Promise<BenchResult> {
  const chain = await openChain();
  try {
    await burst(chain, chainEvents(WARM_UP, 1));
    const events = chainEvents(SIZES.events, 2);
    const capacity = SIZES.events / (await secondsOf(async () => burst(chain, events)));
    say(
      `chain takes ${Math.round(capacity)} events/s from HTTP to Postgres; probing at half of it`,
    );
    const stop = keepLoad(chain, capacity / 2);
    await pause(2_000);
    const delays = await probe(chain);
    await stop();
    const figures = {
      chain_events_per_second: capacity,
      visible_p50_ms: percentile(delays, 0.5),
      visible_p99_ms: percentile(delays, 0.99),
      probes: delays.length,
    };
    const ratios = { p99_to_aim_of_250_ms: figures.visible_p99_ms / 250 };
    return { bench: 'freshness', ratios, figures, machine: machine() };
  } finally {
    await chain.close();
  }
}

function keepLoad(chain: Chain, perSecond: number): () => Promise<void> {
  const stopping = new AbortController();
  const size = 250;
  const bodies = ndjsonBodies(
    benchEvents(Math.ceil(perSecond * (PROBE_SECONDS + 6)), 3).map(({ line }) => line),
    size,
  );
  const startedAt = performance.now();
  const worker = async (first: number): Promise<void> => {
    for (let at = first; at < bodies.length && !stopping.signal.aborted; at += 4) {
      const dueMs = (at * size * 1_000) / perSecond;
      await pause(Math.max(0, dueMs - (performance.now() - startedAt)));
      const body = [bodies[at] as Buffer];
      await postAll({
        url: chain.ingest.url,
        key: chain.stand.adminKey,
        bodies: body,
        connections: 1,
      });
    }
  };
  const workers = Promise.all([0, 1, 2, 3].map(worker));
  return async () => {
    stopping.abort();
    await workers;
  };
}

async function probe(chain: Chain): Promise<number[]> {
  const random = seededRandom(99);
  const probes: Promise<number>[] = [];
  for (let sent = 0; sent < (PROBE_SECONDS * 1_000) / PROBE_EVERY_MS; sent += 1) {
    probes.push(probeOnce(chain, random));
    await pause(PROBE_EVERY_MS);
  }
  return Promise.all(probes);
}

// From before the request leaves until a read that must include the event has its answer.
async function probeOnce(
  { ingest, metering, stand }: Chain,
  random: () => number,
): Promise<number> {
  const now = Date.now();
  const organization = `org_probe_${Math.floor(random() * 12)}`;
  const event = {
    specversion: '1.0',
    type: 'dev.meterbook.usage.v1',
    source: '//bench/probe',
    id: uuidV7(now, random),
    subject: organization,
    time: formatInstant(now),
    data: { model: 'probe', tokens: { input: 1 } },
  };
  const authorization = `Bearer ${stand.adminKey}`;
  const startedAt = performance.now();
  const headers = { authorization, 'content-type': 'application/cloudevents+json' };
  const sent = await fetch(`${ingest.url}/v1/events`, {
    method: 'POST',
    headers,
    body: JSON.stringify(event),
  });
  const { positions } = (await sent.json()) as { positions: Record<string, number> };
  const seen = Object.entries(positions).map(
    ([partition, offset]) => `usage.recorded:${partition}:${offset}`,
  );
  const range = { from: formatInstant(hourOf(now)), to: formatInstant(hourOf(now) + HOUR_MS) };
  const query = new URLSearchParams({
    organization,
    ...range,
    at_least: seen.join(','),
    wait_ms: '20000',
  });
  const read = await fetch(`${metering.url}/v1/usage?${query.toString()}`, {
    headers: { authorization },
  });
  if (!read.ok) throw new Error(`usage answered ${read.status}: ${await read.text()}`);
  await read.arrayBuffer();
  return performance.now() - startedAt;
}
