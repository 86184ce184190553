// The enforcer against the public document alone: what follows is written from docs/limits-document.md and reads nothing but the
// JSON that anyone can fetch. Random tiers, limits and traffic; every decision and every printed number has to agree.
import fc from 'fast-check';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { Catalog } from '#libs/rating/catalog.js';
import { account } from '#libs/rating/test/terms.js';
import { decide } from '../domain/decide.js';
import type { Decision, ReservationRequest } from '../domain/decision.js';
import { heldBooking } from '../domain/reservation.js';
import { NOTHING, rebook, type Standing } from '../domain/standing.js';
import { inferenceLimitsView } from './inference-limits.view.js';

interface PublicDocument {
  readonly limit_windows: Readonly<Record<string, number>>;
  readonly limit_counts: Readonly<Record<string, string>>;
  readonly uncounted_service_tiers: readonly string[];
  readonly tiers: Readonly<
    Record<string, { limits: Readonly<Record<string, Readonly<Record<string, number | null>>>> }>
  >;
}

interface Traffic {
  readonly afterMs: number;
  readonly model: string;
  readonly serviceTier: ReservationRequest['serviceTier'];
  readonly input: number;
  readonly output: number;
}

interface Bucket {
  /** used × window in ms: a bucket of `limit` refills `limit` of it every millisecond. */
  debt: bigint;
  at: number;
}

/** What a stranger makes of the document: admits, or names the limits in the way with the wait for each (ms, rounded up). */
class Reference {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly document: PublicDocument,
    private readonly tier: string,
  ) {}

  refusals(traffic: Traffic, now: number): Map<string, number | null> {
    const found = new Map<string, number | null>();
    for (const [name, limit, window] of this.limits(traffic)) {
      const wanted = this.wanted(name, traffic) * window;
      const over = this.debt(name, traffic.model, limit, now) + wanted - limit * window;
      if (wanted === 0n || over <= 0n) continue;
      const used = this.used(name, traffic.model, now);
      const whole = (used * window + wanted - limit * window + limit - 1n) / limit;
      found.set(name, wanted > limit * window ? null : Number(whole));
    }
    return found;
  }

  take(traffic: Traffic, now: number): void {
    for (const [name, limit, window] of this.limits(traffic)) {
      const debt = this.debt(name, traffic.model, limit, now);
      const taken = debt + this.wanted(name, traffic) * window;
      this.buckets.set(`${traffic.model} ${name}`, { debt: taken, at: now });
    }
  }

  /** Whole units, rounded up. */
  used(name: string, model: string, now: number): bigint {
    const limit = BigInt(this.document.tiers[this.tier]?.limits[model]?.[name] ?? 0);
    const window = this.windowMs(name);
    return (this.debt(name, model, limit, now) + window - 1n) / window;
  }

  private limits({ model, serviceTier }: Traffic): [string, bigint, bigint][] {
    if (this.document.uncounted_service_tiers.includes(serviceTier)) return [];
    const limits = Object.entries(this.document.tiers[this.tier]?.limits[model] ?? {});
    return limits.flatMap(([name, limit]): [string, bigint, bigint][] =>
      limit === null ? [] : [[name, BigInt(limit), this.windowMs(name)]],
    );
  }

  private debt(name: string, model: string, limit: bigint, now: number): bigint {
    const bucket = this.buckets.get(`${model} ${name}`);
    if (!bucket) return 0n;
    const left = bucket.debt - BigInt(now - bucket.at) * limit;
    return left > 0n ? left : 0n;
  }

  private windowMs(name: string): bigint {
    return BigInt(this.document.limit_windows[name] as number) * 1_000n;
  }

  private wanted(name: string, { input, output }: Traffic): bigint {
    const counts = this.document.limit_counts[name];
    if (counts === 'audio_seconds') return 0n;
    return counts === 'requests' ? 1n : BigInt(input + output);
  }
}

const NOON = Date.UTC(2026, 10, 16, 12);
const LIMITS = ['requests_per_minute', 'requests_per_day', 'tokens_per_minute', 'tokens_per_day'];
const MODELS = ['llama', 'other'];

const limitTable = fc.record(
  Object.fromEntries(
    LIMITS.map((name) => [
      name,
      fc.option(fc.integer({ min: 1, max: name.startsWith('tokens') ? 3_000 : 20 }), { nil: null }),
    ]),
  ),
  { requiredKeys: [] },
);
const traffic: fc.Arbitrary<Traffic> = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.nat({ max: 90_000 }), fc.nat({ max: 80_000_000 })),
  model: fc.constantFrom(...MODELS),
  serviceTier: fc.constantFrom('on_demand' as const, 'flex' as const, 'batch' as const),
  input: fc.nat({ max: 1_500 }),
  output: fc.nat({ max: 1_500 }),
});
const catalogs = fc
  .record({ llama: limitTable, other: limitTable })
  .map((limits) => parsed({ ...limits }));

function parsed(limits: Record<string, unknown>): Catalog {
  const row = { input: '1', output: '2' };
  const prices = { on_demand: row, flex: row, batch: row };
  const document = {
    version: 'a',
    effective_from: '2026-11-01T00:00:00Z',
    currency: 'USD',
    models: Object.fromEntries(MODELS.map((model) => [model, { prices }])),
    tiers: { developer: { monthly_fee: '0', usage: 'metered', features: [], limits } },
  };
  const found = parseCatalogText(JSON.stringify(document), 'application/json');
  if (!('catalog' in found)) throw new TypeError(JSON.stringify(found.problems));
  return found.catalog;
}

function publicDocument(catalog: Catalog): PublicDocument {
  const { version, effectiveFrom } = catalog;
  const view = inferenceLimitsView(catalog, [{ version, effectiveFrom, recordedAt: 0 }]);
  return JSON.parse(JSON.stringify(view)) as PublicDocument;
}

/** The enforcer as quota runs it, without its database: a standing that admitted requests are booked into. */
class Enforcer {
  private readonly standing: Standing;
  private count = 0;

  constructor(catalog: Catalog) {
    const terms = { account: account({ tier: 'developer' }), catalogs: [catalog] };
    const empty = { spend: new Map<string, never>(), models: new Map<string, never>() };
    this.standing = { organization: 'org_acme', terms, ...empty };
  }

  decide(wanted: Traffic, at: number): Decision {
    this.count += 1;
    const request: ReservationRequest = {
      requestId: `r${this.count}`,
      organization: 'org_acme',
      model: wanted.model,
      project: null,
      apiKey: null,
      serviceTier: wanted.serviceTier,
      adapter: null,
      inputTokens: BigInt(wanted.input),
      maxOutputTokens: BigInt(wanted.output),
      measures: {},
      ttlSeconds: 600,
    };
    const ulid = this.count.toString().padStart(26, '0');
    const decided = decide(this.standing, { request, at, ulid });
    if (!('decision' in decided)) throw new TypeError(JSON.stringify(decided));
    if (decided.decision.outcome === 'admitted') {
      const booked = heldBooking(request, decided.worst);
      rebook(this.standing, { model: wanted.model, project: null, at }, NOTHING, booked);
    }
    return decided.decision;
  }
}

const waitsOf = ({ violated }: Decision): Map<string, number | null> =>
  new Map(
    violated.map(({ name, retryInNs }) => [
      name,
      retryInNs === null ? null : Number((retryInNs + 999_999n) / 1_000_000n),
    ]),
  );

describe('the public document', () => {
  it('says of every request whether it is admitted, which limits are in the way, and how long', () => {
    let [admitted, refused] = [0, 0];
    fc.assert(
      fc.property(catalogs, fc.array(traffic, { minLength: 5, maxLength: 40 }), (catalog, all) => {
        const reference = new Reference(publicDocument(catalog), 'developer');
        const enforcer = new Enforcer(catalog);
        let now = NOON;
        for (const one of all) {
          now += one.afterMs;
          const expected = reference.refusals(one, now);
          const decision = enforcer.decide(one, now);
          expect(waitsOf(decision)).toEqual(expected);
          if (decision.outcome === 'admitted') reference.take(one, now);
          for (const { name, used, limit, remaining } of decision.windows) {
            expect([name, used]).toEqual([name, reference.used(name, one.model, now)]);
            expect(remaining).toBe(used > limit ? 0n : limit - used);
          }
          if (decision.outcome === 'admitted') admitted += 1;
          else refused += 1;
        }
      }),
      { numRuns: 300 },
    );
    // A run in which nothing was refused would show nothing.
    expect(Math.min(admitted, refused)).toBeGreaterThan(500);
  });

  it('tells a wait after which the same request is admitted', () => {
    fc.assert(
      fc.property(catalogs, fc.array(traffic, { minLength: 5, maxLength: 30 }), (catalog, all) => {
        const enforcer = new Enforcer(catalog);
        let now = NOON;
        for (const one of all) {
          now += one.afterMs;
          const waits = [...waitsOf(enforcer.decide(one, now)).values()];
          if (waits.length === 0 || waits.includes(null)) continue;
          now += Math.max(...(waits as number[]));
          expect(enforcer.decide(one, now).outcome).toBe('admitted');
        }
      }),
      { numRuns: 200 },
    );
  });
});
