// A price as it is written ↔ the charge that it stands for.
import {
  formatExact,
  formatPricePerMillion,
  parseMoney,
  parsePricePerMillion,
} from '../money/money.js';
import type { Charge } from './charge/charge.js';
import { perUnit } from './charge/charge.js';
import type { PriceTier } from './charge/charge-part.js';
import type { PriceCell, StepCell } from './price-cell-schema.js';

/** A published price: what is charged, and what is charged instead for requests with longer inputs. */
export interface Price {
  readonly charge: Charge;
  /** Ascending by `tokens`; the last one that the request's input exceeds holds for all of it. */
  readonly aboveContext: readonly { readonly tokens: number; readonly charge: Charge }[];
}

/** "0.05" → a price of 50000000 femto per unit. */
export function flatRate(femtoPerUnit: bigint): Price {
  return { charge: perUnit(femtoPerUnit), aboveContext: [] };
}

/** The charge of a request whose input is longer than `context` tokens (0: any), and the bound that it stands above. */
export function chargeFor(price: Price, context: number): { charge: Charge; aboveContext: number } {
  const above = price.aboveContext.findLast(({ tokens }) => tokens <= context);
  return { charge: above?.charge ?? price.charge, aboveContext: above?.tokens ?? 0 };
}

/** The cell must have passed `priceFaults` (price-faults.ts). */
export function parsePrice(cell: PriceCell): Price {
  if (typeof cell === 'string') return flatRate(parsePricePerMillion(cell));
  const freeUnits = BigInt(cell.free_units ?? 0);
  if ('price' in cell)
    return {
      charge: { model: 'per_unit', femtoPerUnit: parsePricePerMillion(cell.price), freeUnits },
      aboveContext: (cell.above_context ?? []).map(({ tokens, price }) => ({
        tokens,
        charge: perUnit(parsePricePerMillion(price)),
      })),
    };
  return { charge: { ...chargeOf(cell), freeUnits } as Charge, aboveContext: [] };
}

function chargeOf(cell: Exclude<PriceCell, string | { price: string }>) {
  if ('graduated' in cell) return { model: 'graduated', tiers: cell.graduated.map(tierOf) };
  if ('volume' in cell) return { model: 'volume', tiers: cell.volume.map(tierOf) };
  if ('flat' in cell) return { model: 'flat', flatFemto: parseMoney(cell.flat) };
  const { size, price } = cell.package;
  return { model: 'package', size: BigInt(size), femtoPerPackage: parseMoney(price) };
}

function tierOf({ up_to: upTo, price, flat }: StepCell): PriceTier {
  return {
    upTo: upTo === undefined ? null : BigInt(upTo),
    femtoPerUnit: parsePricePerMillion(price),
    flatFemto: parseMoney(flat ?? '0'),
  };
}

/** The price as a catalog document writes it: a decimal where it is only that. */
export function priceCell({ charge, aboveContext }: Price): PriceCell {
  const free = charge.freeUnits === 0n ? {} : { free_units: Number(charge.freeUnits) };
  if (charge.model !== 'per_unit') return { ...bareCell(charge), ...free } as PriceCell;
  const price = formatPricePerMillion(charge.femtoPerUnit);
  if (charge.freeUnits === 0n && aboveContext.length === 0) return price;
  if (aboveContext.length === 0) return { price, ...free };
  const above_context = aboveContext.map((above) => ({
    tokens: above.tokens,
    price: formatPricePerMillion((above.charge as { femtoPerUnit: bigint }).femtoPerUnit),
  }));
  return { price, ...free, above_context };
}

function bareCell(charge: Exclude<Charge, { model: 'per_unit' }>) {
  if (charge.model === 'flat') return { flat: formatExact(charge.flatFemto) };
  if (charge.model === 'package')
    return { package: { size: Number(charge.size), price: formatExact(charge.femtoPerPackage) } };
  return { [charge.model]: charge.tiers.map(stepCell) };
}

function stepCell({ upTo, femtoPerUnit, flatFemto }: PriceTier): StepCell {
  return {
    ...(upTo === null ? {} : { up_to: Number(upTo) }),
    price: formatPricePerMillion(femtoPerUnit),
    ...(flatFemto === 0n ? {} : { flat: formatExact(flatFemto) }),
  };
}
