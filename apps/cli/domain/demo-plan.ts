// What the demo sends: three customers, one per tier, over the last closable month and today; with the accidents of real life.
import { DAY_MS, dayOf, MINUTE_MS } from '#libs/time/instant.js';
import { formatMonth, monthOf, type Period } from '#libs/time/month.js';
import { chatTraffic, type TrafficProfile } from './chat-traffic.js';
import { Ledger } from './ledger.js';
import { seededRandom, shuffle } from './random.js';
import {
  correctedCloudEvent,
  type UsageMessage,
  usageCloudEvent,
  uuidV7,
  voidedCloudEvent,
} from './usage-message.js';

export const DEMO_ACCOUNTS = [
  { organization: 'org_demo_free', tier: 'free', name: 'Fern Hobby Projects' },
  { organization: 'org_demo_developer', tier: 'developer', name: 'Delta Chat' },
  { organization: 'org_demo_enterprise', tier: 'enterprise', name: 'Epoch Assistants' },
] as const;

/** Their habits: who uses which models, how. */
export const DEMO_PROFILES: readonly TrafficProfile[] = [
  {
    organization: 'org_demo_free',
    weight: 1,
    projects: [null],
    models: { 'llama-3.1-8b-instant': 1 },
    serviceTiers: { on_demand: 1 },
    adapterShare: 0,
  },
  {
    organization: 'org_demo_developer',
    weight: 5,
    projects: ['chat', 'nightly'],
    models: { 'llama-3.3-70b-versatile': 2, 'openai/gpt-oss-120b': 1 },
    serviceTiers: { on_demand: 4, batch: 1 },
    adapterShare: 0,
  },
  {
    organization: 'org_demo_enterprise',
    weight: 6,
    projects: ['assistant', 'search', null],
    models: { 'llama-3.1-8b-instant': 2, 'openai/gpt-oss-20b': 1 },
    serviceTiers: { on_demand: 3, flex: 1 },
    adapterShare: 0,
  },
];

/** The share of events that are sent twice (issue: 5 %). */
const REPEATS = 0.05;

export interface DemoPlan {
  /** NDJSON lines in the order of sending: shuffled, with repeats and refused ones in between. */
  readonly lines: readonly string[];
  /** Sent at the very end, after everything else: late usage and corrections. */
  readonly lastLines: readonly string[];
  /** What must be counted. */
  readonly ledger: Ledger;
  readonly unique: number;
  readonly repeats: number;
  readonly refused: number;
  readonly closedPeriod: Period;
}

/** The month that can be billed now: over, and its grace too. */
export function lastClosableMonth(now: number, graceMs = DAY_MS): Period {
  const current = monthOf(now);
  const previous = monthOf(current.from - 1);
  return now >= previous.to + graceMs ? previous : monthOf(previous.from - 1);
}

/** Plans `count` unique events; the same seed and time give the same plan. */
export function planDemo(count: number, seed: number, now: number): DemoPlan {
  const closedPeriod = lastClosableMonth(now);
  const random = seededRandom(seed + 1);
  // The acceptance window is 35 days: of the closed month only its end can still be sent.
  const from = Math.max(closedPeriod.from, now - 34 * DAY_MS);
  const today = { from: Math.min(dayOf(now), now - 30 * MINUTE_MS), to: now };
  const spans = [{ from, to: closedPeriod.to }, today];
  const messages = chatTraffic({ seed, count, spans, profiles: DEMO_PROFILES, nodes: 4 });
  const ledger = new Ledger();
  for (const message of messages) ledger.add(message);
  // The last event of the closed month comes after all the others: late usage, still before the close.
  const late = messages[Math.ceil(count / 2) - 1] as UsageMessage;
  const fresh = messages
    .filter((message) => message !== late)
    .map((message) => JSON.stringify(usageCloudEvent(message)));
  const repeated = fresh.filter(() => random() < REPEATS);
  const refused = poison(closedPeriod.from);
  const accidents = corrections(messages, ledger, now, random);
  return {
    lines: shuffle(random, [...fresh, ...repeated, ...refused]),
    lastLines: [JSON.stringify(usageCloudEvent(late)), ...accidents],
    ledger,
    unique: messages.length,
    repeats: repeated.length,
    refused: refused.length,
    closedPeriod,
  };
}

/** What a sender gets wrong, one line each: every one is refused, and costs no neighbour. */
function poison(at: number): string[] {
  const message = {
    id: 'poison',
    source: '//demo/node-9',
    organization: 'org_demo_developer',
    at,
    sequence: null,
  };
  const usage = {
    ...message,
    model: 'm',
    project: null,
    serviceTier: 'on_demand' as const,
    adapter: null,
  };
  const event = usageCloudEvent({ ...usage, tokens: { input: 1 } });
  return [
    '{"specversion":"1.0","type":"dev.meterbook.usage.v1",',
    JSON.stringify({ ...event, time: 'yesterday' }),
    JSON.stringify({ ...event, data: { model: 'm', tokens: { input: -5 } } }),
    JSON.stringify({ ...event, data: { model: 'm', tokens: { input: 1 }, price: 3 } }),
    JSON.stringify({ ...event, data: { model: 'm' } }),
  ];
}

// One event of the closed month is corrected, one of today is voided; the ledger books the difference at the original's hour.
function corrections(
  messages: readonly UsageMessage[],
  ledger: Ledger,
  now: number,
  random: () => number,
): string[] {
  const corrected = messages[Math.floor(messages.length / 5)] as UsageMessage;
  const voided = messages.at(-100) as UsageMessage;
  const named = (original: UsageMessage): UsageMessage => ({
    ...original,
    id: uuidV7(now, random),
    at: now,
    sequence: null,
  });
  const right = {
    ...corrected,
    tokens: { ...corrected.tokens, output: (corrected.tokens.output ?? 0) + 17 },
  };
  ledger.add(corrected, -1);
  ledger.add(right);
  ledger.add(voided, -1);
  return [
    JSON.stringify(
      correctedCloudEvent({ ...right, ...named(right) }, corrected, 'the node counted too few'),
    ),
    JSON.stringify(voidedCloudEvent(named(voided), voided, 'the answer was never delivered')),
  ];
}

/** `2026-10` of the closed month. */
export function closedMonth(plan: DemoPlan): string {
  return formatMonth(plan.closedPeriod);
}
