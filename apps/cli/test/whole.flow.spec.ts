// The whole line under fire: 100,000 events with repeats, while ingest and metering are killed twenty times and more, Postgres
// crashes twice and the broker once. What counts at the end is the generator's ledger on disk.
import {
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  chmodSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Home } from '#libs/stack/home.js';
import { pause } from '#libs/stack/children.js';
import { type RunningStack, startStack } from '#libs/stack/stack.js';
import { describeWithKafka } from '#libs/testing/kafka.js';
import { atLeast, nothingSent, type Sent, sendEvents } from '../client/event-sender.js';
import { StackClient } from '../client/stack-client.js';
import { publishShippedCatalog } from '../commands/up.js';
import { compareReadings } from '../domain/agreement.js';
import { chatTraffic } from '../domain/chat-traffic.js';
import { DEMO_ACCOUNTS, DEMO_PROFILES } from '../domain/demo-plan.js';
import { Ledger } from '../domain/ledger.js';
import { type Random, seededRandom, shuffle } from '../domain/random.js';
import { type UsageMessage, usageCloudEvent } from '../domain/usage-message.js';

interface OpenApiPaths {
  readonly paths: Readonly<Record<string, object>>;
}

const EVENTS = 100_000;
const BATCH = 250;
const REPEATS = 0.05;
const KILLS = 22;
const SEED = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);

describeWithKafka(`the whole line under fire, CHAOS_SEED=${SEED}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-whole-'));
  chmodSync(dir, 0o755);
  const ledgerFile = join(dir, 'ledger.ndjson');
  const random = seededRandom(SEED);
  let stack: RunningStack;

  beforeAll(async () => {
    const home = new Home(join(dir, 'home'));
    stack = await startStack({ home, kafka: true, freePorts: true, onStep: () => undefined });
    await publishShippedCatalog(stack);
  }, 120_000);

  afterAll(async () => {
    await stack?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  it('reaches every route of every service through the edge', async () => {
    const { edge, ingest, metering, quota, invoicing } = stack.endpoints;
    for (const service of [ingest, metering, quota, invoicing]) {
      const { paths } = (await (await fetch(`${service}/openapi.json`)).json()) as OpenApiPaths;
      for (const [path, methods] of Object.entries(paths))
        for (const method of Object.keys(methods).filter(() => /^\/(api|v1)\//.test(path))) {
          const url = `${edge}${path.replaceAll(/\{\w+\}/g, 'x')}`;
          const answer = await fetch(url, { method: method.toUpperCase() });
          const { code } = (await answer.json().catch(() => ({}))) as { code?: string };
          expect([method, path, code]).not.toEqual([method, path, 'unknown_route']);
          expect([method, path, answer.status]).not.toEqual([method, path, 405]);
        }
    }
  }, 60_000);

  it('counts, prices and drafts exactly what the ledger on disk says', async () => {
    const client = new StackClient(stack.endpoints, stack.adminKey);
    for (const { organization, tier, name } of DEMO_ACCOUNTS)
      await client.ingest.put(`/v1/organizations/${organization}`, {
        name,
        currency: 'USD',
        tier,
        profile: 'groq',
      });
    const lines = planAndWrite(ledgerFile, random);
    const sent = nothingSent();
    const kills = await sendUnderFire(stack, client, lines, sent, random);
    expect(kills).toBeGreaterThanOrEqual(20);
    expect(sent.rejected).toEqual([]);
    const ledger = readLedger(ledgerFile);
    const published = await client.catalog();
    for (const account of DEMO_ACCOUNTS)
      for (const period of ledger.periods(account.organization)) {
        const readings = await client.readings(account.organization, period, atLeast(sent));
        const compared = compareReadings(ledger, account, period, readings, published);
        expect(compared.length).toBeGreaterThan(3);
        expect(compared.filter(({ equal }) => !equal)).toEqual([]);
        const { organization } = account;
        const proof = await client.invoicing.get('/v1/reconciliation', { organization, period });
        expect(proof).toMatchObject({ equal: true, conclusive: true, differences: [] });
      }
  }, 600_000);
});

// Every unique event is on disk, flushed, before any of them is sent.
function planAndWrite(file: string, random: Random): string[] {
  const now = Date.now();
  const spans = [{ from: now - 6 * 3_600_000, to: now }];
  const messages = chatTraffic({
    seed: SEED,
    count: EVENTS,
    spans,
    profiles: DEMO_PROFILES,
    nodes: 5,
  });
  const disk = openSync(file, 'w');
  writeSync(disk, messages.map((message) => JSON.stringify(message)).join('\n'));
  fsyncSync(disk);
  closeSync(disk);
  const lines = messages.map((message) => JSON.stringify(usageCloudEvent(message)));
  return shuffle(random, [...lines, ...lines.filter(() => random() < REPEATS)]);
}

function readLedger(file: string): Ledger {
  const ledger = new Ledger();
  for (const line of readFileSync(file, 'utf8').split('\n'))
    ledger.add(JSON.parse(line) as UsageMessage);
  return ledger;
}

// The sender may run at most two blows ahead of the killer, so that events flow through every one of them.
async function sendUnderFire(
  stack: RunningStack,
  client: StackClient,
  lines: readonly string[],
  sent: Sent,
  random: Random,
): Promise<number> {
  const blows = shuffle(random, [
    ...Array.from({ length: KILLS }, (_, index) =>
      index % 2 === 0 ? ('ingest' as const) : ('metering' as const),
    ),
    'postgres' as const,
    'postgres' as const,
    'kafka' as const,
  ]);
  const perBlow = Math.ceil(lines.length / blows.length);
  const done = { blows: 0, kills: 0 };
  const before = async (index: number): Promise<void> => {
    while (index > (done.blows + 2) * perBlow) await pause(20);
  };
  const sending = sendEvents(client.ingest, lines, sent, { batch: BATCH, concurrency: 3, before });
  for (const blow of blows) {
    await pause(Math.floor(random() * 400));
    if (blow === 'postgres') await stack.restartPostgres();
    else if (blow === 'kafka') await stack.restartKafka();
    else {
      await stack.kill(blow);
      await stack.restart(blow);
      done.kills += 1;
    }
    done.blows += 1;
  }
  await sending;
  return done.kills;
}
