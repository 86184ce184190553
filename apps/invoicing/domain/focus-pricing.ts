// Costs, prices and SKUs of a FOCUS row. Unit price × PricingQuantity is the cost, exactly: prices are per million units, as the
// catalog and the invoice have them.
import type { Quantity } from '#libs/events/quantities.js';
import { formatExact, formatPricePerMillion, parsePricePerMillion } from '#libs/money/money.js';
import type { Cost, CostLine } from './costs.js';
import { WORDS } from './document-words.js';
import type { FocusColumn } from './focus-columns.js';
import { unitOf } from './unit.js';

/** A line of an issued document. */
export interface FocusLine extends CostLine {
  readonly line: number;
  readonly catalog_version: string | null;
  readonly override_id: string | null;
  readonly tier: string | null;
  readonly part?: string | null;
  /** Of an adjustment: the invoice of the month that it corrects; null where that month had none. */
  readonly adjusts?: { readonly number: string | null } | null;
}

type Pricing = Partial<Record<FocusColumn, string>>;

/** Always with a point: the public validator takes a column of whole numbers for integers and refuses it. */
export function decimal(femto: bigint): string {
  return withPoint(formatExact(femto));
}

/** The money columns of a cost; what is charged by packages or as a whole is one charge at its amount. */
export function pricingOf(
  cost: Cost<FocusLine>,
  listPriceOf: (line: FocusLine) => bigint | null,
): Pricing {
  const { line, units, femto } = cost;
  const costs = sameCost(femto);
  if (line.kind === 'credit' || line.kind === 'commitment') return costs;
  const sku = { PricingCategory: 'Standard', ...skuOf(line) };
  const price = line.price_per_million ? parsePricePerMillion(line.price_per_million) : null;
  if (price === null || units * price !== femto)
    return {
      ...costs,
      ...sku,
      ...unitPrices(decimal(femto < 0n ? -femto : femto)),
      PricingQuantity: femto < 0n ? '-1.0' : '1.0',
      PricingUnit: 'Charges',
    };
  const list = (line.override_id === null ? null : listPriceOf(line)) ?? price;
  return {
    ...costs,
    ...sku,
    ListCost: decimal(units * list),
    // 1,500 of 10^6 tokens are 0.0015: femto-units of a currency have 15 places, millions have 6.
    PricingQuantity: decimal(units * 1_000_000_000n),
    PricingUnit: `1000000 ${focusUnit(line)}`,
    ...unitPrices(withPoint(formatPricePerMillion(list)), withPoint(formatPricePerMillion(price))),
  };
}

/** A charge whose costs are all the same: credits, taxes, roundings, and usage at the published price. */
export function sameCost(femto: bigint) {
  const cost = decimal(femto);
  return {
    BilledCost: cost,
    EffectiveCost: cost,
    ListCost: cost,
    ContractedCost: cost,
    PricingCurrencyEffectiveCost: cost,
  };
}

function unitPrices(list: string, contracted = list): Pricing {
  return {
    ListUnitPrice: list,
    ContractedUnitPrice: contracted,
    PricingCurrencyListUnitPrice: list,
    PricingCurrencyContractedUnitPrice: contracted,
  };
}

// A SKU is a model and a pool, or a plan; its price is a row of a catalog version.
function skuOf(line: FocusLine): Pricing {
  if (line.model === null) {
    const sku = `plan:${line.tier ?? line.kind}`;
    return {
      SkuId: sku,
      SkuMeter: 'Plan',
      SkuPriceId: [sku, line.catalog_version].filter(Boolean).join('@'),
    };
  }
  const sku = `${line.model}:${line.pool}`;
  const parts = [sku, line.service_tier, line.adapter, line.above_context, line.part];
  const { pools } = WORDS.en;
  return {
    SkuId: sku,
    SkuMeter: pools[line.pool as Quantity],
    SkuPriceId: `${parts.filter(Boolean).join(':')}@${line.catalog_version}`,
    SkuPriceDetails: JSON.stringify({
      x_ServiceTier: line.service_tier,
      x_TokenClass: line.pool,
      ...(line.adapter !== null && { x_Adapter: line.adapter }),
      ...(line.above_context && { x_AboveContext: line.above_context }),
      ...(line.part && { x_Part: line.part }),
    }),
  };
}

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}

/** The unit of a usage line, in the plural as FOCUS writes units. */
export function focusUnit({ pool }: FocusLine): string {
  return UNITS[unitOf(pool as Quantity)];
}

const UNITS = {
  token: 'Tokens',
  ms: 'Milliseconds',
  character: 'Characters',
  image: 'Images',
  search: 'Searches',
} as const;
