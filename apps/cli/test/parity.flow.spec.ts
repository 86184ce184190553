// One number, over the real services: random usage with repeats, voids, corrections and reservations, over a change of prices, while
// each service is killed in turn. Metering's hours times the prices, quota's spend and the draft are then one number, and it is
// that of arithmetic which shares no code with them.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CATALOG } from '#libs/events/topics.js';
import { encodeCatalogFact } from '#libs/events/catalog-fact.js';
import { openLog } from '#libs/log/open-log.js';
import { pause } from '#libs/stack/children.js';
import { Home } from '#libs/stack/home.js';
import { ensureDatabase } from '#libs/stack/postgres.js';
import { type RunningStack, startStack } from '#libs/stack/stack.js';
import { Api } from '../client/api.js';
import { atLeast, nothingSent, sendEvents } from '../client/event-sender.js';
import { seededRandom, shuffle } from '../domain/random.js';

const SEED = Number(process.env['PARITY_SEED'] ?? Date.now() % 1_000_000);
const EVENTS = 3_000;
const HOUR_MS = 3_600_000;
const POOLS = ['input', 'cached_input', 'output', 'reasoning'] as const;
const MODELS = ['small', 'large'] as const;
const TIERS = ['on_demand', 'batch'] as const;
const ORGANIZATIONS = ['org_parity-a', 'org_parity-b'] as const;

type Pool = (typeof POOLS)[number];
type Tokens = Partial<Record<Pool, number>>;

// USD per million, with digits that no rounding survives. The second row of each is in force since CHANGE_AT.
const PRICES: Readonly<Record<string, readonly [before: string, after: string]>> = {
  small: ['0.000000007', '0.000000011'],
  large: ['0.590000001', '0.610000003'],
};
const CHANGE_AT = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - 2 * HOUR_MS;

/** Every pool of a model costs its price times the pool's place, batch half of that. */
function femtoPerToken(model: string, tier: string, pool: string, at: number): bigint {
  const [before = '', after = ''] = PRICES[model] ?? [];
  // 10^-6 USD per token and 10^15 femto per USD: nine digits behind the point, as a whole number.
  const femto = BigInt((at < CHANGE_AT ? before : after).replace('.', ''));
  const times = BigInt(POOLS.indexOf(pool as Pool) + 1);
  return tier === 'batch' ? femto * times : femto * times * 2n;
}

function catalogText(version: string, from: number, at: number): string {
  const row = (model: string, tier: string): string =>
    POOLS.map((pool) => `${pool}: "${decimal(femtoPerToken(model, tier, pool, at), 9)}"`).join();
  return [
    `version: ${version}`,
    `effective_from: ${new Date(from).toISOString()}`,
    'currency: USD',
    'models:',
    ...MODELS.flatMap((model) => [
      `  ${model}:`,
      '    max_output_tokens: 1000',
      '    prices:',
      ...TIERS.map((tier) => `      ${tier}: { ${row(model, tier)} }`),
    ]),
    'tiers:',
    '  paid: { usage: metered, features: [], limits: {} }',
  ].join('\n');
}

function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return text.replace(/\.?0+$/, '');
}

interface Counted {
  readonly organization: string;
  readonly model: string;
  readonly tier: string;
  readonly at: number;
  tokens: Tokens;
}

const costOf = ({ model, tier, at, tokens }: Counted): bigint =>
  Object.entries(tokens).reduce(
    (sum, [pool, units]) => sum + BigInt(units) * femtoPerToken(model, tier, pool, at),
    0n,
  );

describe(`one number over the running services, PARITY_SEED=${SEED}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'meterbook-parity-'));
  chmodSync(dir, 0o755);
  const random = seededRandom(SEED);
  const below = (count: number): number => Math.floor(random() * count);
  const oneOf = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const counted = new Map<string, Counted>();
  const sent = nothingSent();
  let stack: RunningStack;
  let number = 0;
  let held = 0;

  beforeAll(async () => {
    const home = new Home(join(dir, 'home'));
    stack = await startStack({ home, kafka: false, freePorts: true, onStep: () => undefined });
    const ingest = api('ingest');
    await ingest.post('/v1/catalog', catalogText('first', CHANGE_AT - 30 * 24 * HOUR_MS, 0), {
      contentType: 'application/yaml',
    });
    await publishInThePast();
    for (const organization of ORGANIZATIONS)
      await ingest.put(`/v1/organizations/${organization}`, {
        name: organization,
        currency: 'USD',
        tier: 'paid',
        profile: 'groq',
      });
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    rmSync(dir, { recursive: true, force: true });
  }, 60_000);

  const api = (name: 'ingest' | 'metering' | 'quota' | 'invoicing'): Api =>
    new Api(stack.endpoints[name], stack.adminKey);

  // The door takes no change of prices for hours that are gone: this one is put where an earlier day would have put it. Ingest
  // finds it on the log when it starts.
  async function publishInThePast(): Promise<void> {
    await stack.kill('ingest');
    const databaseUrl = await ensureDatabase(stack.endpoints.database, 'meterbook_log');
    const log = await openLog({ kind: 'embedded', databaseUrl, clientId: 'parity' });
    const fact = {
      catalogVersion: 'second',
      effectiveFrom: CHANGE_AT,
      mediaType: 'application/yaml' as const,
      document: Buffer.from(catalogText('second', CHANGE_AT, CHANGE_AT)),
      recordedAt: CHANGE_AT - HOUR_MS,
    };
    await log.append(CATALOG, 0, [{ key: null, value: encodeCatalogFact({ factId: 2, fact }) }]);
    await log.close();
    await stack.restart('ingest');
  }

  const tokens = (): Tokens =>
    Object.fromEntries(POOLS.filter(() => below(3) > 0).map((pool) => [pool, below(5_000)]));

  function envelope(type: string, organization: string, at: number, data: object): string {
    number += 1;
    return JSON.stringify({
      specversion: '1.0',
      type: `dev.meterbook.usage.${type}`,
      source: `//parity/node-${number % 5}`,
      id: `event-${number}`,
      subject: organization,
      time: new Date(at).toISOString(),
      data,
    });
  }

  /** A new event, or a correction of one that was sent before; notes what it changes in `counted`. */
  function line(now: number): string {
    const known = [...counted.keys()];
    if (known.length > 50 && below(20) === 0) return correction(oneOf(known), now);
    const one: Counted = {
      organization: oneOf(ORGANIZATIONS),
      model: oneOf(MODELS),
      tier: oneOf(TIERS),
      at: now - below(5 * HOUR_MS),
      tokens: { input: 1, ...tokens() },
    };
    const { organization, model, tier, at } = one;
    const data = { model, service_tier: tier, tokens: one.tokens };
    const text = envelope('v1', organization, at, { ...data, project: oneOf([null, 'chat']) });
    counted.set(text, one);
    return text;
  }

  function correction(text: string, now: number): string {
    const original = counted.get(text) as Counted;
    const { source, id } = JSON.parse(text) as { source: string; id: string };
    const about = { original: { source, id }, reason: 'parity' };
    if (below(2) === 0) {
      original.tokens = {};
      return envelope('voided.v1', original.organization, now, about);
    }
    original.tokens = { input: 1, ...tokens() };
    const { model, tier } = original;
    const data = { ...about, model, service_tier: tier, tokens: original.tokens };
    return envelope('corrected.v1', original.organization, now, data);
  }

  const send = async (lines: readonly string[]): Promise<void> =>
    sendEvents(api('ingest'), lines, sent, { batch: 100, concurrency: 1 });

  // Some requests are held first, and their event names the reservation.
  async function reserveAndUse(now: number): Promise<void> {
    const organization = oneOf(ORGANIZATIONS);
    const asked = { organization, model: 'large', input_tokens: 500, max_output_tokens: 500 };
    const body = { ...asked, request_id: `held-${(held += 1)}` };
    const { id } = await again(async () =>
      api('quota').post<{ id: string }>('/v1/reservations', body),
    );
    const used = { input: below(500), output: below(500) };
    const one: Counted = { organization, model: 'large', tier: 'on_demand', at: now, tokens: used };
    const data = { model: 'large', service_tier: 'on_demand', tokens: used, reservation: id };
    const text = envelope('v1', organization, now, data);
    counted.set(text, one);
    await send([text]);
  }

  async function again<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    for (let tries = 0; ; tries += 1)
      try {
        return await work();
      } catch (error) {
        if (tries > 100) throw error;
        await pause(200);
      }
  }

  it('is the draft, the spend and the usage times the prices, to the femto-dollar', async () => {
    const victims = shuffle(random, ['ingest', 'metering', 'quota', 'invoicing'] as const);
    for (const victim of [...victims, ...victims.slice(0, 2)]) {
      const lines = Array.from({ length: EVENTS / 6 }, () => line(Date.now()));
      const repeated = lines.filter(() => below(10) === 0);
      const sending = send([...lines, ...shuffle(random, repeated)]);
      await pause(below(300));
      await stack.kill(victim);
      await stack.restart(victim);
      await sending;
      await reserveAndUse(Date.now());
    }
    expect(sent.rejected).toEqual([]);
    // Both prices count, or the change was never met.
    expect(new Set([...counted.values()].map(({ at }) => at < CHANGE_AT)).size).toBe(2);
    for (const organization of ORGANIZATIONS)
      for (const period of periods(organization)) await compare(organization, period);
  }, 600_000);

  const monthOf = (at: number): string => new Date(at).toISOString().slice(0, 7);
  const periods = (organization: string): string[] => [
    ...new Set(
      [...counted.values()]
        .filter((one) => one.organization === organization)
        .map(({ at }) => monthOf(at)),
    ),
  ];

  async function compare(organization: string, period: string): Promise<void> {
    const own = [...counted.values()].filter(
      (one) => one.organization === organization && monthOf(one.at) === period,
    );
    const femto = own.reduce((sum, one) => sum + costOf(one), 0n);
    const expected = decimal(femto, 15);
    const seen = { at_least: atLeast(sent), wait_ms: '30000' };
    const path = `/v1/organizations/${organization}`;
    const spend = await api('quota').get<{ spent_exact: string; held_exact: string }>(
      `${path}/spend`,
      { period, ...seen },
    );
    const draft = await api('invoicing').get<{ subtotal_exact: string }>(
      `${path}/upcoming-invoice`,
      { period, ...seen },
    );
    const metered = decimal(await meteredFemto(organization, period, seen), 15);
    const proof = await api('invoicing').get('/v1/reconciliation', { organization, period });
    expect({ spent: spend.spent_exact, drafted: draft.subtotal_exact, metered }).toEqual({
      spent: expected,
      drafted: expected,
      metered: expected,
    });
    expect(spend.held_exact).toBe('0');
    expect(proof).toMatchObject({ equal: true, conclusive: true, spent_exact: expected });
  }

  async function meteredFemto(
    organization: string,
    period: string,
    seen: Readonly<Record<string, string>>,
  ): Promise<bigint> {
    const from = `${period}-01T00:00:00Z`;
    const next = new Date(from);
    next.setUTCMonth(next.getUTCMonth() + 1);
    const asked = { organization, from, to: next.toISOString(), window: 'hour', limit: '500' };
    const { data, next_cursor } = await api('metering').get<{
      data: { from: string; model: string; service_tier: string; tokens: Record<string, number> }[];
      next_cursor: string | null;
    }>('/v1/usage', { ...asked, group_by: 'model,service_tier', ...seen });
    expect(next_cursor).toBeNull();
    let sum = 0n;
    for (const row of data)
      for (const pool of POOLS)
        sum +=
          BigInt(row.tokens[pool] ?? 0) *
          femtoPerToken(row.model, row.service_tier, pool, Date.parse(row.from));
    return sum;
  }
});
