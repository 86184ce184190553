// The main job in one run: start, publish, register, send, kill and restart metering, bill, print, compare.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Home } from '#libs/stack/home.js';
import { DEFAULT_PORTS } from '#libs/stack/service-ports.js';
import { type RunningStack, startStack } from '#libs/stack/stack.js';
import { Api } from '../client/api.js';
import { nothingSent, type Sent, sendEvents } from '../client/event-sender.js';
import { StackClient } from '../client/stack-client.js';
import { closedMonth, DEMO_ACCOUNTS, type DemoPlan, planDemo } from '../domain/demo-plan.js';
import { examplePriceList } from '../domain/example-prices.js';
import { grouped } from '../domain/table.js';
import type { Progress } from '../progress.js';
import { agree } from './agree.js';
import { billMonth } from './billing.js';
import { showAccount } from './show-account.js';
import { publishShippedCatalog, untilSignal } from './up.js';

export interface DemoOptions {
  readonly home?: string;
  readonly kafka: boolean;
  readonly events: number;
  readonly seed: number;
  readonly keep: boolean;
}

/** Runs the demo in a home of its own, which is emptied first; true when every comparison is equal. */
export async function demo(options: DemoOptions, progress: Progress): Promise<boolean> {
  const home = new Home(options.home ?? join('.meterbook', 'demo'));
  const freePorts = !(await arePortsFree(Object.values(DEFAULT_PORTS)));
  home.wipe();
  const stack = await startStack({
    home,
    kafka: options.kafka,
    freePorts,
    onStep: (step) => progress.step(step),
  });
  try {
    const equal = await run(stack, options, progress);
    if (options.keep) {
      progress.say(`The console: ${stack.endpoints.edge}/signin`);
      progress.say(`  as a customer, with the key ${await customerKey(stack)}`);
      progress.say(`  as the operator, with the key ${stack.adminKey}`);
      progress.say('Keeps running: Ctrl-C stops it.');
      await untilSignal();
    }
    return equal;
  } finally {
    await stack.stop();
    progress.step('stopped');
  }
}

async function run(
  stack: RunningStack,
  options: DemoOptions,
  progress: Progress,
): Promise<boolean> {
  const client = new StackClient(stack.endpoints, stack.adminKey);
  progress.step(`catalog ${await publishShippedCatalog(stack)} is published`);
  await register(client);
  await client.invoicing.post('/v1/price-lists', examplePriceList(Date.now()));
  progress.step(
    'one organization per tier is registered, and an invented price list to compare with',
  );
  const plan = planDemo(options.events, options.seed, Date.now());
  const sent = await sendPlan(stack, client, plan, progress);
  progress.step(
    `${grouped(plan.unique)} events are sent, ${grouped(plan.repeats)} of them twice, ${sent.rejected.length} refused as planned`,
  );
  const month = closedMonth(plan);
  const billed = await billMonth(client, month, DEMO_ACCOUNTS, sent);
  progress.step(`${month} is billed: ${billed.issued} invoices issued`);
  for (const account of DEMO_ACCOUNTS)
    await showAccount(client, account.organization, month, progress);
  const { equal, comparisons } = await agree(client, plan.ledger, DEMO_ACCOUNTS, sent, progress);
  const refusedAsPlanned = sent.rejected.length === plan.refused;
  progress.say(
    `Open: ${stack.endpoints.invoicing}/v1/catalog · ${stack.endpoints.quota}/.well-known/inference-limits.json · ${stack.endpoints.metering}/openapi.json`,
  );
  progress.result({
    equal: equal && refusedAsPlanned,
    unique: plan.unique,
    repeats: plan.repeats,
    refused: sent.rejected,
    billed,
    comparisons,
  });
  return equal && refusedAsPlanned;
}

// A key of one organization, as its own administrator would have it.
async function customerKey(stack: RunningStack): Promise<string> {
  const path = '/v1/organizations/org_demo_developer/api-keys';
  const body = { name: 'console', scopes: ['admin'] };
  const { key } = await new Api(stack.endpoints.ingest, stack.adminKey).post<{ key: string }>(
    path,
    body,
  );
  return key;
}

async function register(client: StackClient): Promise<void> {
  for (const { organization, tier, name } of DEMO_ACCOUNTS) {
    await client.ingest.put(`/v1/organizations/${organization}`, {
      name,
      currency: 'USD',
      tier,
      profile: 'groq',
    });
    if (tier === 'developer')
      await client.ingest.put(`/v1/organizations/${organization}/spend-limit`, {
        amount: '50.00',
        mode: 'hard',
        alerts: [50, 80, 100],
      });
  }
}

// Metering is killed without warning when half is sent, and is restarted while the other half comes in.
async function sendPlan(
  stack: RunningStack,
  client: StackClient,
  plan: DemoPlan,
  progress: Progress,
): Promise<Sent> {
  const sent = nothingSent();
  const half = Math.floor(plan.lines.length / 2);
  const bar = progress.bar('events', plan.lines.length + plan.lastLines.length);
  const options = {
    batch: 500,
    concurrency: 4,
    onSent: (events: number): void => bar.advance(events),
  };
  await sendEvents(client.ingest, plan.lines.slice(0, half), sent, options);
  await stack.kill('metering');
  progress.step('metering is killed (SIGKILL); the events go on');
  await Promise.all([
    stack.restart('metering'),
    sendEvents(client.ingest, plan.lines.slice(half), sent, options),
  ]);
  await sendEvents(client.ingest, plan.lastLines, sent, options);
  bar.done();
  progress.step('metering is up again');
  return sent;
}

async function arePortsFree(ports: readonly number[]): Promise<boolean> {
  const free = await Promise.all(
    ports.map(
      async (port) =>
        new Promise<boolean>((resolve) => {
          const probe = createServer().once('error', () => resolve(false));
          probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
        }),
    ),
  );
  return free.every(Boolean);
}
