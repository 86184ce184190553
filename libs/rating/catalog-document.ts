// The published catalog document (design section 5): text in, the catalog that readers hold out, or every fault with its place.
import type { ValueError } from '@sinclair/typebox/value';
import { Value, ValueErrorType } from '@sinclair/typebox/value';
import { SERVICE_TIERS } from '../events/quantities.js';
import type { Catalog } from './catalog.js';
import { compileCatalog } from './catalog-compile.js';
import { meaningFaults } from './catalog-meaning.js';
import type { CatalogDocument } from './catalog-schema.js';
import { CatalogSchema } from './catalog-schema.js';
import type { CatalogMediaType, CatalogProblem } from './catalog-text.js';
import { readCatalogText } from './catalog-text.js';
import { decimalFault, priceFaults } from './price-faults.js';

export type { CatalogMediaType, CatalogProblem } from './catalog-text.js';

export type ParsedCatalog =
  | { readonly catalog: Catalog; readonly document: unknown }
  | { readonly problems: readonly CatalogProblem[] };

type Fault = Omit<CatalogProblem, 'line'>;

/**
 * Reads and checks a catalog document. Never throws: whatever is wrong with the text is a problem. Codes: invalid_yaml,
 * invalid_json, duplicate_key, too_deep, too_many_faults, missing_field, unknown_field, unknown_quantity, unknown_service_tier, unknown_limit,
 * unknown_model, unknown_source, unknown_context_bound, invalid_price, negative_price, too_many_decimals, invalid_amount,
 * invalid_units, invalid_tiers, invalid_percent, invalid_commitment, invalid_mapping, invalid_path, invalid_limit, invalid_fee,
 * invalid_version, invalid_effective_from, invalid_currency, invalid_name, invalid_value.
 */
export function parseCatalogText(text: string, mediaType: CatalogMediaType): ParsedCatalog {
  const read = readCatalogText(text, mediaType);
  if ('problems' in read) return read;
  const { value } = read.text;
  const lineOf = (pointer: string): number | null => read.text.lineOf(pointer);
  let faults = shapeFaults(value);
  if (faults.length === 0) faults = meaningFaults(value as CatalogDocument);
  if (faults.length > 0)
    return { problems: listed(faults).map((fault) => ({ ...fault, line: lineOf(fault.pointer) })) };
  return { catalog: compileCatalog(value as CatalogDocument), document: value };
}

// Each fault costs a look for its line; whoever has a hundred has enough to do.
const MOST_FAULTS = 100;

function listed(faults: readonly Fault[]): readonly Fault[] {
  if (faults.length <= MOST_FAULTS) return faults;
  const detail = `there are more than ${MOST_FAULTS} faults; the others are not listed`;
  return [...faults.slice(0, MOST_FAULTS), { pointer: '', code: 'too_many_faults', detail }];
}

function shapeFaults(value: unknown): Fault[] {
  const byPointer = new Map<string, Fault>();
  for (const error of Value.Errors(CatalogSchema, value)) {
    for (const fault of faultsOf(error))
      // A missing field is reported a second time as a value of the wrong type.
      if (!byPointer.has(fault.pointer)) byPointer.set(fault.pointer, fault);
    if (byPointer.size > MOST_FAULTS) break;
  }
  return [...byPointer.values()];
}

function faultsOf(error: ValueError): Fault[] {
  const { path: pointer, value } = error;
  const code = error.schema['code'] as string | undefined;
  if (error.type === ValueErrorType.ObjectRequiredProperty)
    return [{ pointer, code: 'missing_field', detail: `${lastOf(pointer)} is required` }];
  if (error.type === ValueErrorType.ObjectAdditionalProperties)
    return [{ pointer, code: code ?? 'unknown_field', detail: unknownDetail(pointer, code) }];
  if (error.type === ValueErrorType.Union && !code) {
    // Adapter rows: flat pools or pools by service tier, as the keys tell.
    const isByTier = SERVICE_TIERS.some((tier) => isObject(value) && tier in value);
    return [...(error.errors[isByTier ? 1 : 0] ?? [])].flatMap(faultsOf);
  }
  if (code === 'invalid_price') return priceFaults(pointer, value);
  if (code === 'invalid_amount') return [decimalFault(pointer, value, code)];
  const seen = value === undefined ? 'nothing' : JSON.stringify(value);
  if (error.type === ValueErrorType.Object || !code || code.startsWith('unknown_'))
    return [{ pointer, code: 'invalid_value', detail: `${error.message}, not ${seen}` }];
  return [{ pointer, code, detail: `${lastOf(pointer)} cannot be ${seen}` }];
}

function unknownDetail(pointer: string, code: string | undefined): string {
  const name = lastOf(pointer);
  if (code === 'invalid_name') return `"${name}" is not a valid name`;
  return `"${name}" is not known here`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function lastOf(pointer: string): string {
  const last = pointer.slice(pointer.lastIndexOf('/') + 1);
  return last === '' ? 'the document' : last.replaceAll('~1', '/').replaceAll('~0', '~');
}
