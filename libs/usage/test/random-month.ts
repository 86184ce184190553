// A random November for specs of every reader that prices (longer than others: terms, traffic and cost stand together). Two
// catalogs, a move to another tier, an own price for some days, usage with voids and corrections, and what it all costs, worked out
// delta by delta with none of the code under test.
import { PROFILE } from '../../testing/account-profile.js';
import type { AccountFact } from '../../events/account-facts.js';
import type { MeteredEvent, UsageDelta } from '../../events/metered-batch.js';
import type { Quantity, ServiceTier } from '../../events/quantities.js';
import { DAY_MS, HOUR_MS } from '../../time/instant.js';
import { metered } from './metered.js';

export const NOVEMBER = { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 11, 1) };
const CHANGE = NOVEMBER.from + 10 * DAY_MS + 7 * HOUR_MS;
const MOVE = NOVEMBER.from + 5 * DAY_MS;
const OWN = { from: NOVEMBER.from + 15 * DAY_MS, to: NOVEMBER.from + 20 * DAY_MS + 3 * HOUR_MS };
const POOLS = ['input', 'cached_input', 'output', 'reasoning', 'audio_ms'] as const;
const TIERS = ['on_demand', 'batch'] as const satisfies readonly ServiceTier[];
const MODELS = ['small', 'large'] as const;

type Pool = (typeof POOLS)[number];
type Part<Fact> = Fact extends AccountFact ? Omit<Fact, 'version' | 'recordedAt'> : never;

export interface RandomMonth {
  readonly catalogs: readonly string[];
  /** About org_paying (metered), org_moving (free until the sixth) and org_own (an own price for five days). */
  readonly facts: readonly Part<AccountFact>[];
  /** In the order of the log, cut at random. */
  readonly batches: readonly (readonly MeteredEvent[])[];
  readonly spentFemto: ReadonlyMap<string, bigint>;
  readonly requests: ReadonlyMap<string, number>;
}

/** The same seed, the same month. */
export function randomMonth(seed: number, events: number): RandomMonth {
  const random = drawing(seed);
  const log: MeteredEvent[] = [];
  for (let index = 0; index < events; index += 1) {
    const organization = pick(random, ['org_paying', 'org_moving', 'org_own']);
    const delta = randomDelta(random);
    const original = metered(`${seed}-${index}`, delta, { organization });
    log.push(original);
    const fate = random();
    if (fate < 0.1) log.push(voided(original, `${seed}-${index}-void`));
    else if (fate < 0.2) log.push(corrected(random, original, `${seed}-${index}-correct`));
  }
  const spentFemto = new Map<string, bigint>();
  const requests = new Map<string, number>();
  for (const { organization, deltas } of log)
    for (const delta of deltas) {
      const cost = costOf(organization, delta);
      spentFemto.set(organization, (spentFemto.get(organization) ?? 0n) + cost);
      requests.set(organization, (requests.get(organization) ?? 0) + delta.requests);
    }
  return { catalogs: CATALOGS, facts: FACTS, batches: cut(random, log), spentFemto, requests };
}

// USD per million, times 10^9, is femto-USD per unit.
const PRICES = { before: { small: 3, large: 50 }, after: { small: 4, large: 41 } } as const;
const FACTOR: Readonly<Record<Pool, number>> = {
  input: 4,
  cached_input: 1,
  output: 16,
  reasoning: 20,
  audio_ms: 2,
};

function perMillion(base: number, pool: Pool, tier: ServiceTier): string {
  const cents = base * FACTOR[pool] * (tier === 'batch' ? 1 : 2);
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

function costOf(organization: string, delta: UsageDelta): bigint {
  if (organization === 'org_moving' && delta.at < MOVE) return 0n;
  const base = PRICES[delta.at < CHANGE ? 'before' : 'after'][delta.model as 'small' | 'large'];
  let sum = 0n;
  for (const [name, units] of Object.entries(delta.quantities) as [Pool, number][]) {
    const isOwn =
      organization === 'org_own' &&
      delta.model === 'large' &&
      name === 'output' &&
      delta.at >= OWN.from &&
      delta.at < OWN.to;
    const text = isOwn ? '0.07' : perMillion(base, name, delta.serviceTier);
    sum += BigInt(units) * BigInt(text.replace('.', '')) * 10_000_000n;
  }
  return sum;
}

function catalogText(version: string, from: number, prices: { small: number; large: number }) {
  const models = MODELS.map((model) => {
    const tiers = TIERS.map((tier) => {
      const rows = POOLS.map((pool) => `${pool}: "${perMillion(prices[model], pool, tier)}"`);
      return `${tier}: { ${rows.join(', ')} }`;
    });
    return `  ${model}: { prices: { ${tiers.join(', ')} } }`;
  });
  return `version: ${version}
effective_from: ${new Date(from).toISOString().replace('.000', '')}
currency: USD
models:
${models.join('\n')}
tiers:
  free: { monthly_fee: "0", usage: free, features: [], limits: {} }
  developer: { monthly_fee: "0", usage: metered, features: [], limits: {} }
`;
}

const CATALOGS = [
  catalogText('random-a', NOVEMBER.from, PRICES.before),
  catalogText('random-b', CHANGE, PRICES.after),
];
const registered = (organization: string, tier: string): Part<AccountFact> => ({
  type: 'OrganizationRegistered',
  organization,
  profile: { ...PROFILE, name: 'Random', tier },
  effectiveFrom: NOVEMBER.from,
});
const FACTS: readonly Part<AccountFact>[] = [
  registered('org_paying', 'developer'),
  registered('org_moving', 'free'),
  registered('org_own', 'developer'),
  { type: 'TierChanged', organization: 'org_moving', tier: 'developer', effectiveFrom: MOVE },
  {
    type: 'OverrideGranted',
    organization: 'org_own',
    overrideId: 'ovr_1',
    model: 'large',
    serviceTier: null,
    prices: { output: '0.07' },
    limits: {},
    effectiveFrom: OWN.from,
    effectiveTo: OWN.to,
  },
];

function randomDelta(random: () => number): UsageDelta {
  const quantities: Partial<Record<Quantity, number>> = {};
  for (const pool of POOLS)
    if (random() < 0.6) quantities[pool] = Math.floor(random() ** 4 * 1_000_000);
  return {
    at: NOVEMBER.from + Math.floor(random() * (NOVEMBER.to - NOVEMBER.from)),
    model: pick(random, MODELS),
    project: pick(random, [null, 'chat']),
    apiKey: null,
    serviceTier: pick(random, TIERS),
    adapter: null,
    user: null,
    requests: 1,
    quantities,
  };
}

function takenOff(delta: UsageDelta): UsageDelta {
  const off = Object.entries(delta.quantities).map(([name, units]) => [name, -units]);
  return { ...delta, requests: -1, quantities: Object.fromEntries(off) as Quantities };
}

type Quantities = UsageDelta['quantities'];

function voided(original: MeteredEvent, id: string): MeteredEvent {
  const made = metered(id, original.deltas[0] as UsageDelta, original);
  return { ...made, kind: 'voided', deltas: original.deltas.map(takenOff) };
}

function corrected(random: () => number, original: MeteredEvent, id: string): MeteredEvent {
  const [before] = original.deltas as [UsageDelta];
  const after = { ...before, quantities: randomDelta(random).quantities };
  const made = metered(id, after, original);
  return { ...made, kind: 'corrected', deltas: [takenOff(before), after] };
}

function cut(random: () => number, log: readonly MeteredEvent[]): MeteredEvent[][] {
  const batches: MeteredEvent[][] = [];
  for (let at = 0; at < log.length;) {
    const size = 1 + Math.floor(random() * 60);
    batches.push(log.slice(at, at + size));
    at += size;
  }
  return batches;
}

function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

// Mulberry32.
function drawing(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
