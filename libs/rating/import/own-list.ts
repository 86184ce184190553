// A price list that an operator wrote down himself: `{provider: {model: {service tier: {pool: "USD per million"}}}}`. Nothing is
// understood that is not said, but that output prices reasoning and input prices what is read from a cache.
import {
  QUANTITIES,
  type Quantity,
  SERVICE_TIERS,
  type ServiceTier,
} from '../../events/quantities.js';
import { parsePricePerMillion } from '../../money/money.js';
import type { Imported, ImportedModel, ImportOptions, RefusedEntry } from './imported-model.js';
import { EntryFault, objectOf, reasonOf } from './imported-model.js';
import { PriceRows } from './price-rows.js';

/** Every model is taken, or refused with the reason. Throws a RangeError when it is no such list. */
export function importOwnList(json: unknown, options: ImportOptions = {}): Imported {
  const models: ImportedModel[] = [];
  const refused: RefusedEntry[] = [];
  for (const [provider, sold] of Object.entries(objectOf(json, 'the price list')))
    for (const [model, tables] of Object.entries(objectOf(sold, provider)))
      try {
        models.push(modelOf({ provider, model, tables }, options));
      } catch (error) {
        refused.push({ entry: `${provider}/${model}`, reason: reasonOf(error) });
      }
  return { models, refused, leftOut: [] };
}

function modelOf(
  entry: { readonly provider: string; readonly model: string; readonly tables: unknown },
  { asOf = null }: ImportOptions,
): ImportedModel {
  const { provider, model } = entry;
  const rows = new PriceRows();
  for (const [tier, prices] of Object.entries(partOf(entry.tables, 'its prices')))
    for (const [pool, price] of Object.entries(partOf(prices, tier)))
      rows.set(tierOf(tier), poolOf(pool), { tokens: 0, femtoPerUnit: femtoOf(pool, price) });
  const prices = rows.tablesOf(() => undefined);
  if (Object.keys(prices).length === 0) throw new EntryFault('has no prices');
  const none = { contextWindow: null, maxOutputTokens: null };
  return { provider, model, prices, ...none, source: 'own list', asOf };
}

function partOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  try {
    return objectOf(value, what);
  } catch (error) {
    throw new EntryFault((error as Error).message);
  }
}

function tierOf(name: string): ServiceTier {
  if ((SERVICE_TIERS as readonly string[]).includes(name)) return name as ServiceTier;
  throw new EntryFault(`${name} is no service tier: ${SERVICE_TIERS.join(', ')}`);
}

function poolOf(name: string): Quantity {
  if ((QUANTITIES as readonly string[]).includes(name)) return name as Quantity;
  throw new EntryFault(`${name} is no pool that has a price`);
}

function femtoOf(pool: string, price: unknown): bigint {
  try {
    const femto = parsePricePerMillion(typeof price === 'string' ? price : '');
    if (femto >= 0n) return femto;
  } catch {
    // Told below.
  }
  throw new EntryFault(`the price of ${pool} must be USD per million as text, such as "0.59"`);
}
