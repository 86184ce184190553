// What good senders feel of a hostile one: p99 of POST /v1/events at a steady rate, alone and beside each attack, in turns. The
// hostile sender runs at low priority: what is measured is what its requests cost the service, not that it shares our two cores.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { pause } from '../libs/stack/children.js';
import { projectRoot } from '../libs/stack/service-process.js';
import { ATTACKS, type Outcome, type Target } from './abuse-attacks.js';
import { benchEvents } from './events.js';
import { type BenchResult, machine, median, type Say } from './measure.js';
import { rawLoad, type RawResult } from './raw-load.js';
import { SIZES } from './sizes.js';
import { openStand, type Stand } from './stand.js';

/** Requests a second of the good senders, with so many events each. */
const [GOOD_PER_SECOND, EVENTS] = [80, 20];
/** Low enough that one sender of the bench can be above it: a key may send 5,000 requests a second unless told otherwise. */
const PACE = { KEY_REQUESTS_PER_SECOND: '100' };
const LOW_PRIORITY = 15;
const LIMIT = 1.2;

export async function benchAbuse(say: Say): Promise<BenchResult> {
  const stand = await openStand();
  try {
    const ingest = await stand.service('ingest', PACE);
    const good = { url: ingest.url, key: await keyOf(stand, ingest.url, 'good') };
    const hostile = { url: ingest.url, key: await keyOf(stand, ingest.url, 'hostile') };
    await steady(good, 5, 0);
    const ratios: Record<string, number> = {};
    const figures: Record<string, number> = {};
    for (const name of Object.keys(ATTACKS)) {
      const { alone, beside, refused } = await compared(name, good, hostile, say);
      ratios[`${name}_to_alone`] = beside / alone;
      figures[`${name}_alone_p99_ms`] = alone;
      figures[`${name}_beside_p99_ms`] = beside;
      figures[`${name}_refused`] = refused;
    }
    const worst = Math.max(...Object.values(ratios));
    const all = { worst_to_limit_of_1_2: worst / LIMIT, ...ratios };
    return { bench: 'abuse', ratios: all, figures, machine: machine() };
  } finally {
    await stand.close();
  }
}

async function compared(name: string, good: Target, hostile: Target, say: Say) {
  const [alone, beside, refused]: [number[], number[], number[]] = [[], [], []];
  for (let round = 1; round <= SIZES.rounds; round += 1) {
    alone.push((await steady(good, SIZES.seconds, 2 * round)).p99Ms);
    const attacker = await attack(name, hostile);
    await pause(1_000);
    beside.push((await steady(good, SIZES.seconds, 2 * round + 1)).p99Ms);
    const outcome = await attacker.stop();
    refused.push(refusedOf(outcome));
    const [one, other] = [alone.at(-1) ?? 0, beside.at(-1) ?? 0];
    say(`${name} ${round}: p99 ${one.toFixed(1)} → ${other.toFixed(1)} ms, ${shown(outcome)}`);
    // What was begun is worked off before the next round is measured alone.
    await pause(3_000);
  }
  return { alone: median(alone), beside: median(beside), refused: median(refused) };
}

/** Good senders: 8 connections, a batch each time; rejects when one of them is not answered 202. */
async function steady({ url, key }: Target, seconds: number, seed: number): Promise<RawResult> {
  const events = benchEvents(GOOD_PER_SECOND * seconds * EVENTS, 100 + seed);
  const result = await rawLoad({
    url,
    path: '/v1/events',
    key,
    contentType: 'application/cloudevents-batch+json',
    connections: 8,
    seconds,
    perSecond: GOOD_PER_SECOND,
    bodyOf: (n) =>
      `[${events
        .slice(n * EVENTS, (n + 1) * EVENTS)
        .map(({ line }) => line.toString())
        .join()}]`,
  });
  const others = Object.keys(result.statuses).filter((status) => status !== '202');
  if (others.length > 0) throw new Error(`good senders were answered ${shown(result.statuses)}`);
  return result;
}

async function attack(name: string, target: Target): Promise<{ stop(): Promise<Outcome> }> {
  const child = fork(join(projectRoot(), 'dist/bench/abuse-attacker.js'), { execArgv: [] });
  if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY);
  child.send({ name, target });
  await said(child);
  return {
    stop: async () => {
      child.send('stop');
      return (await said(child)) as Outcome;
    },
  };
}

async function said(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the hostile sender ended early');
  });
  ended.catch(() => undefined);
  const [message] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
  return message;
}

function refusedOf(outcome: Outcome): number {
  return Object.entries(outcome).reduce(
    (sum, [status, count]) => sum + (/^[45]\d\d$/.test(status) ? count : 0),
    0,
  );
}

function shown(outcome: Readonly<Record<string, number>>): string {
  return Object.entries(outcome)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ');
}

async function keyOf(stand: Stand, url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}/v1/api-keys`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stand.adminKey}`,
      'content-type': 'application/json',
      'idempotency-key': `bench-${name}`,
    },
    body: JSON.stringify({ name, scopes: ['usage:write'] }),
  });
  if (!answer.ok) throw new Error(`a key was answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { key: string }).key;
}
