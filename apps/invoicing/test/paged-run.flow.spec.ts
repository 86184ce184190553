// Both ways to issue a month, by pages and one by one, make the same documents to the byte, from the same log.
import fc from 'fast-check';
import { rows } from '#libs/database/database.js';
import { metered } from '#libs/usage/test/metered.js';
import type { MeteredEvent } from '#libs/events/metered-batch.js';
import { DAY_MS, HOUR_MS } from '#libs/time/instant.js';
import { NOON } from './log-writer.js';
import { CLOSABLE, NOVEMBER, Stand } from './stand.js';
import { PagedRun } from '../store/paged-run.js';
import { PageWriter } from '../store/page-writer.js';

const CATALOG = `version: 2026-11-a
effective_from: 2026-10-01T00:00:00Z
currency: USD
models:
  llama:
    prices:
      on_demand:
        input: { price: "5", above_context: [{ tokens: 32000, price: "7.5" }] }
        cached_input: { price: "2.5", free_units: 500 }
        output: { graduated: [{ up_to: 1000, price: "0.59", flat: "1" }, { price: "0.45" }] }
      batch: { input: "2.5", output: "5" }
    adapters: { lora: { input: "6", output: "12" } }
tiers:
  free: { monthly_fee: "0", usage: free, features: [] }
  developer: { monthly_fee: "0", usage: metered, features: [] }
  team: { monthly_fee: "20", usage: metered, features: [] }
  deal: { usage: contract, discount_percent: "12.5", minimum_commitment: "100", features: [] }
  capped: { usage: contract, maximum_charge: "0.006", features: [] }
`;

const TIERS = ['free', 'developer', 'team', 'deal', 'capped'] as const;
const OCTOBER = { from: Date.UTC(2026, 9, 1), to: NOVEMBER.from };

const usage = fc.record({
  hour: fc.integer({ min: 0, max: 719 }),
  model: fc.oneof(
    { weight: 60, arbitrary: fc.constant('llama') },
    { weight: 1, arbitrary: fc.constant('mystery') },
  ),
  serviceTier: fc.constantFrom('on_demand', 'on_demand', 'batch'),
  adapter: fc.constantFrom(null, null, 'tuned-7'),
  project: fc.constantFrom(null, 'one', 'two'),
  input: fc.integer({ min: 1, max: 50_000 }),
  output: fc.integer({ min: 0, max: 3_000 }),
});
const organization = fc.record({
  tier: fc.constantFrom(...TIERS),
  later: fc.option(
    fc.record({ tier: fc.constantFrom(...TIERS), day: fc.integer({ min: 1, max: 28 }) }),
  ),
  override: fc.option(
    fc.record({ price: fc.constantFrom('3', '4.5'), day: fc.integer({ min: 0, max: 28 }) }),
  ),
  november: fc.array(usage, { maxLength: 30 }),
  october: fc.array(usage, { maxLength: 1 }),
  lateOctober: fc.array(usage, { maxLength: 1 }),
});
type One = ReturnType<typeof one>[number];
// The first two pages are read as they are, the rest is so much that the database sums it.
const one = () =>
  fc
    .sample(organization, { numRuns: 40, seed: 17 })
    .map((of, index) => (index < 14 ? { ...of, november: of.november.slice(0, 3) } : of));

describe('a billing run by pages', () => {
  let stands: Stand[] = [];
  const organizations: readonly One[] = one();

  const idOf = (index: number) => `org_${String(index).padStart(2, '0')}`;
  const events = (
    month: number,
    pick: (of: One) => One['november'],
    name: string,
  ): MeteredEvent[] =>
    organizations.flatMap((of, index) =>
      pick(of).map(({ hour, model, serviceTier, adapter, project, input, output }, at) =>
        metered(
          `${name}-${index}-${at}`,
          {
            at: month + hour * HOUR_MS + 1,
            model,
            serviceTier,
            adapter,
            project,
            quantities: output === 0 ? { input } : { input, output },
          },
          { organization: idOf(index) },
        ),
      ),
    );

  const fill = async (): Promise<void> => {
    const stand = await Stand.open();
    stands.push(stand);
    await stand.publish(CATALOG);
    for (const [index, { tier, later, override }] of organizations.entries()) {
      const organizationId = idOf(index);
      await stand.register(organizationId, tier, OCTOBER.from);
      if (later)
        await stand.tell({
          type: 'TierChanged',
          organization: organizationId,
          tier: later.tier,
          effectiveFrom: NOVEMBER.from + later.day * DAY_MS + HOUR_MS / 2,
        });
      if (override)
        await stand.tell({
          type: 'OverrideGranted',
          organization: organizationId,
          overrideId: `ovr_${index}`,
          model: 'llama',
          serviceTier: null,
          prices: { input: override.price },
          limits: {},
          effectiveFrom: NOVEMBER.from + override.day * DAY_MS,
          effectiveTo: null,
        });
    }
    await stand.start();
    await stand.meter(events(OCTOBER.from, ({ october }) => october, 'october'));
    await stand.meter([metered('ghost', { at: NOON }, { organization: 'org_ghost' })]);
    await stand.caughtUp();
    stand.now = NOVEMBER.from + 2 * DAY_MS;
    for (const index of organizations.keys())
      await stand.stores().issuing.issue(idOf(index), OCTOBER, 'run_october');
    await stand.meter(events(OCTOBER.from, ({ lateOctober }) => lateOctober, 'late'));
    await stand.meter(
      events(NOVEMBER.from, ({ november }) => november, 'november'),
      1,
    );
    await stand.caughtUp();
    stand.now = CLOSABLE;
  };

  beforeAll(async () => {
    for (let index = 0; index < 2; index += 1) await fill();
  });
  afterAll(async () => Promise.all(stands.map(async (stand) => stand.close())));

  const issued = async (stand: Stand) =>
    rows<{ organization: string; document: string; hash: Buffer }>(
      stand.source,
      'SELECT organization, document, hash FROM invoice WHERE period_from = $1 ORDER BY id',
      [NOVEMBER.from],
    );
  const linesOf = async (stand: Stand) =>
    rows(stand.source, 'SELECT * FROM invoice_line ORDER BY invoice, line');
  const told = async (stand: Stand) =>
    rows(stand.source, 'SELECT id, key, value FROM announcement ORDER BY id');

  it('makes the documents, lines, hashes and events that one by one makes', async () => {
    const [paged, single] = stands as [Stand, Stand];
    const run = await paged.ask();
    const writer = new PageWriter(paged.source, () => paged.now, {
      legalEntity: 'MB',
      dueDays: 30,
    });
    const pages = new PagedRun({ ...paged.stores(), writer, pageSize: 7 });
    await paged.reactor({ paged: pages }).advanceAll();
    const { notIssued, ...counts } = await paged.summary(run);
    expect(counts).toMatchObject({ state: 'done', pending: 0, already_issued: 0 });
    const documents = await issued(paged);
    expect(documents).toHaveLength(counts.issued);
    expect(documents.length).toBeGreaterThan(20);
    expect(documents.some(({ document }) => document.includes('"kind":"adjustment"'))).toBe(true);

    const { issuing } = single.stores();
    for (const { organization: id } of documents)
      expect(await issuing.issue(id, NOVEMBER, run)).toMatchObject({ state: 'issued' });
    expect(await issued(single)).toEqual(documents);
    expect(await linesOf(single)).toEqual(await linesOf(paged));
    expect(await told(single)).toEqual(await told(paged));

    for (const { organization: id, ...why } of notIssued)
      expect(await issuing.issue(id, NOVEMBER, run)).toEqual(why);
    const [ghost] = notIssued.filter(({ reason }) => reason === 'unknown_organization');
    expect(ghost?.organization).toBe('org_ghost');
    const others = organizations.length + 1 - counts.issued - notIssued.length;
    expect(counts.empty).toBe(others);
  });
});
