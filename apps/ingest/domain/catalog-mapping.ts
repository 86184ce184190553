// An event type that the catalog in force maps (`ingest.mappings`): which of the event's own fields are its usage.
import { MEASURES, TOKEN_POOLS, type Quantity } from '#libs/events/quantities.js';
import { type EventMapping, type FieldPath, valueAt } from '#libs/rating/ingest-mappings.js';
import { asCount, type MappingFault } from './openmeter-mappings.js';

type Fields = Readonly<Record<string, unknown>>;

/** Our data, unchecked but for its counts: the gate says what else is wrong with it. */
export type CatalogMapped = { readonly data: Fields } | { readonly fault: MappingFault };

/**
 * The data of a foreign event → ours. A count that is missing counts nothing; where all are, or one is no whole number, the
 * event is refused with the place in its own data.
 */
export function mapByCatalog(data: Fields, mapping: EventMapping): CatalogMapped {
  const counts = new Map<Quantity, number>();
  for (const [name, path] of Object.entries(mapping.quantities) as [Quantity, FieldPath][]) {
    const value = asCount(valueAt(data, path));
    if (value === undefined || value === null) continue;
    if (!Number.isSafeInteger(value) || (value as number) < 0) return badCount(path);
    counts.set(name, value as number);
  }
  if (counts.size === 0) {
    const places = Object.values(mapping.quantities).map((path) => path.join('.'));
    return fault('no_usage', '/data', `data has none of ${places.join(', ')}`);
  }
  const pools = [...counts].filter(([name]) => TOKEN_POOLS.includes(name as never));
  const measures = [...counts].filter(([name]) => MEASURES.includes(name as never));
  const at = (path: FieldPath | null) => (path && valueAt(data, path)) ?? null;
  return {
    data: {
      model: 'value' in mapping.model ? mapping.model.value : valueAt(data, mapping.model.path),
      project: at(mapping.project),
      user: at(mapping.user) ?? data['user'] ?? null,
      service_tier: at(mapping.serviceTier),
      adapter: at(mapping.adapter),
      ...(pools.length > 0 ? { tokens: Object.fromEntries(pools) } : {}),
      ...Object.fromEntries(measures),
    },
  };
}

function badCount(path: FieldPath): CatalogMapped {
  const detail = `data.${path.join('.')} must be a whole number from 0 to 9007199254740991`;
  return fault('invalid_quantity', `/data/${path.join('/')}`, detail);
}

function fault(reason: MappingFault['reason'], pointer: string, detail: string): CatalogMapped {
  return { fault: { reason, pointer, detail } };
}
