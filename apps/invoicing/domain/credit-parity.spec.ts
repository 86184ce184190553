// Invoicing's half of the parity of prepaid credits: what invoices take month after month is what the limiter says that months took
// (apps/quota/domain/credit.ts, which asks the same function).
import fc from 'fast-check';
import type { Account } from '#libs/events/account.js';
import { burntBy, creditsLeftFemto, dueOf } from '#libs/rating/credit-burn.js';
import { rateMonth, type UsageRow } from '#libs/rating/rate-month.js';
import { account, catalog } from '#libs/rating/test/terms.js';
import { DAY_MS, HOUR_MS } from '#libs/time/instant.js';
import { monthOf } from '#libs/time/month.js';
import { NOVEMBER } from '../test/rated.js';
import { draftInvoice } from './invoice.js';

const months = [monthOf(NOVEMBER.from - 1), NOVEMBER, monthOf(NOVEMBER.to)];
const [first, last] = [months[0]?.from ?? 0, months.at(-1)?.to ?? 0];
const catalogs = [
  catalog({ version: 'one', effectiveFrom: 0, input: 333_333_333n }),
  catalog({ version: 'two', effectiveFrom: NOVEMBER.from + 10 * DAY_MS, input: 777_777_777n }),
];
const instant = fc.integer({ min: first - 40 * DAY_MS, max: last });
const credits = fc.array(
  fc.record({
    amount: fc.nat({ max: 5_000 }).map((cents) => (cents / 100).toFixed(2)),
    grantedAt: instant,
    expiresAt: fc.option(instant),
    priority: fc.nat({ max: 2 }),
  }),
  { maxLength: 6 },
);
const usage = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: (last - first) / HOUR_MS - 1 }),
    fc.bigInt({ min: 0n, max: 10n ** 8n }),
  ),
  { maxLength: 12 },
);

function rowOf([hour, units]: readonly [number, bigint]): UsageRow {
  return {
    hour: first + hour * HOUR_MS,
    model: 'llama',
    serviceTier: 'on_demand',
    adapter: null,
    context: 0,
    quantity: 'input',
    units,
    events: 1n,
    digestA: 0n,
    digestB: 0n,
  };
}

describe('prepaid credits of any months', () => {
  it('have left by their invoices what the limiter says is left', () => {
    const tier = fc.constantFrom('free', 'developer', 'enterprise');
    fc.assert(
      fc.property(credits, usage, tier, (granted, used, name) => {
        const of: Account = {
          ...account({ tier: name }),
          credits: granted.map((one, index) => ({ ...one, id: `crd_${index}`, note: null })),
        };
        const burnt = new Map<string, bigint>();
        const dues = months.map((period) => {
          const rows = used.map(rowOf).filter(({ hour }) => monthOf(hour).from === period.from);
          const rated = rateMonth({ terms: { catalogs, account: of }, period, rows });
          const invoice = draftInvoice({ account: of, period, rated, late: [], cut: {}, burnt });
          for (const { credit, amountMinor } of invoice.credits)
            burnt.set(credit.id, (burnt.get(credit.id) ?? 0n) + amountMinor);
          return { period, femto: dueOf(rated) };
        });
        expect(burntBy(of.credits, dues, 2)).toEqual(burnt);
        const left = creditsLeftFemto(of.credits, burnt, { digits: 2, at: last });
        expect(left >= 0n).toBe(true);
      }),
    );
  });
});
