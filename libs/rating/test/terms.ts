// Small catalogs and accounts for specs: prices are a few femto-units, so that sums can be checked by eye.
import type { Account, Override, TierSpan } from '../../events/account.js';
import type { Quantity } from '../../events/quantities.js';
import type { Catalog, PriceTable } from '../catalog.js';
import type { Charge } from '../charge/charge.js';
import { flatRate } from '../price-cell.js';

/** The price per unit of a row or cell that has only that. */
export function unitPrice(price: { readonly charge: Charge } | undefined): bigint | undefined {
  if (!price) return undefined;
  const { charge } = price;
  if (charge.model !== 'per_unit') throw new RangeError(`the price is ${charge.model}`);
  return charge.femtoPerUnit;
}

/** Prices per unit. */
export function priced(table: Partial<Record<Quantity, bigint>>): PriceTable {
  return Object.fromEntries(Object.entries(table).map(([name, femto]) => [name, flatRate(femto)]));
}

/** `llama` (50 in, 80 out, batch 25 in, LoRA 60 in) and `plain` (1 in) on free, developer and enterprise. */
export function catalog(part: { version: string; effectiveFrom: number; input?: bigint }): Catalog {
  const { version, effectiveFrom, input = 50n } = part;
  const limits = { llama: { tokens_per_minute: 6_000, tokens_per_day: 10 } };
  const tier = { title: '', monthlyFee: '0', features: [], limits: {}, prices: {} };
  return {
    version,
    effectiveFrom,
    currency: 'USD',
    models: {
      llama: {
        prices: { on_demand: priced({ input, output: 80n }), batch: priced({ input: 25n }) },
        adapters: {
          lora: { any: priced({ input: 60n }), byTier: {} },
          dora: { byTier: { on_demand: priced({ input: 61n }) } },
        },
      },
      plain: { prices: { on_demand: priced({ input: 1n }) }, adapters: {} },
    },
    tiers: [
      { ...tier, name: 'free', usage: 'free', limits },
      { ...tier, name: 'developer', usage: 'metered', monthlyFee: '20.00', limits },
      {
        ...tier,
        name: 'enterprise',
        usage: 'contract',
        monthlyFee: null,
        prices: {
          llama: { prices: {}, adapters: { lora: { any: priced({ input: 50n }), byTier: {} } } },
        },
      },
    ],
  };
}

/** An account on one tier (free) since 0, or on the given spans. */
export function account(
  part: {
    tier?: string;
    tiers?: readonly TierSpan[];
    currency?: string;
    overrides?: readonly Override[];
    effectiveFrom?: number;
  } = {},
): Account {
  const { tier = 'free', effectiveFrom = 0, currency = 'USD', overrides = [] } = part;
  return {
    id: 'org_acme',
    profile: {
      name: 'Acme',
      currency,
      tier,
      profile: 'groq',
      legalName: null,
      email: null,
      address: null,
      taxIds: [],
      timezoneLabel: null,
    },
    registeredAt: effectiveFrom,
    effectiveFrom,
    tiers: part.tiers ?? [{ tier, from: effectiveFrom }],
    spendLimits: [],
    overrides,
    credits: [],
    keys: [],
  };
}

/** An override for `llama`, of any service tier, unless the part says otherwise. */
export function override(part: Partial<Override> & { from: number; to: number | null }): Override {
  return { id: 'ovr', model: 'llama', serviceTier: null, prices: {}, limits: {}, ...part };
}
