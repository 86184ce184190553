// What a schema of the catalog document cannot say: instants, currencies that exist, models and sources that are named elsewhere in it,
// prices whose tiers ascend, commitments below their caps.
import { SERVICE_TIERS } from '../events/quantities.js';
import { HOUR_MS, parseInstant } from '../time/instant.js';
import type { CatalogDocument, TierDocument } from './catalog-schema.js';
import { contractFaults } from './contract-faults.js';
import type { MappingDocument } from './ingest-mappings.js';
import type { PriceFault } from './price-faults.js';
import { priceFaults } from './price-faults.js';

/** Every fault of a document that has passed the schema. */
export function meaningFaults(document: CatalogDocument): PriceFault[] {
  return [
    ...headFaults(document),
    ...sourceFaults(document),
    ...Object.entries(document.models).flatMap(([name, model]) =>
      rowFaults(`/models/${escaped(name)}`, model),
    ),
    ...Object.entries(document.tiers).flatMap(([name, tier]) => tierFaults(document, name, tier)),
    ...Object.entries((document.ingest?.mappings ?? {}) as Record<string, MappingDocument>).flatMap(
      ([type, mapping]) => mappingFaults(`/ingest/mappings/${escaped(type)}`, mapping),
    ),
  ];
}

function headFaults(document: CatalogDocument): PriceFault[] {
  const faults: PriceFault[] = [];
  const at = parseInstant(document.effective_from);
  if (at === undefined || at % HOUR_MS !== 0)
    faults.push({
      pointer: '/effective_from',
      code: 'invalid_effective_from',
      detail: `"${document.effective_from}" is not an instant on a whole UTC hour (2026-12-01T00:00:00Z)`,
    });
  if (!Intl.supportedValuesOf('currency').includes(document.currency))
    faults.push({
      pointer: '/currency',
      code: 'invalid_currency',
      detail: `"${document.currency}" is not a currency of ISO 4217`,
    });
  return faults;
}

type Sourced = Readonly<Record<string, { readonly sources?: readonly string[] }>>;

function sourceFaults(document: CatalogDocument): PriceFault[] {
  const known = document.sources ?? {};
  return (['models', 'tiers'] as const).flatMap((part) =>
    Object.entries(document[part] as Sourced).flatMap(([name, { sources = [] }]) =>
      sources
        .map((source, index) => ({ source, pointer: `/${part}/${escaped(name)}/sources/${index}` }))
        .filter(({ source }) => !Object.hasOwn(known, source))
        .map(({ source, pointer }) => ({
          pointer,
          code: 'unknown_source',
          detail: `"${source}" is not in the table of sources`,
        })),
    ),
  );
}

function tierFaults(document: CatalogDocument, name: string, tier: TierDocument): PriceFault[] {
  const at = `/tiers/${escaped(name)}`;
  const unknown = (['limits', 'prices'] as const).flatMap((part) =>
    Object.keys(tier[part] ?? {})
      .filter((model) => !Object.hasOwn(document.models, model))
      .map((model) => ({
        pointer: `${at}/${part}/${escaped(model)}`,
        code: 'unknown_model',
        detail: `the catalog has no model "${model}"`,
      })),
  );
  const rows = Object.entries(tier.prices ?? {}).flatMap(([model, own]) =>
    rowFaults(`${at}/prices/${escaped(model)}`, own),
  );
  return [...unknown, ...rows, ...contractFaults(at, tier)];
}

// Prices stand at any depth below `prices` and `adapters`; whatever is neither a table of tiers nor of pools is one.
function rowFaults(
  at: string,
  model: { readonly prices?: unknown; readonly adapters?: unknown },
): PriceFault[] {
  const tables = Object.entries((model.prices ?? {}) as Tables).map(
    ([tier, table]) => [`${at}/prices/${tier}`, table] as const,
  );
  const adapters = Object.entries((model.adapters ?? {}) as Tables).flatMap(([name, rows]) =>
    Object.entries(rows).flatMap(([key, value]) => {
      const place = `${at}/adapters/${name}`;
      return isTierName(key)
        ? [[`${place}/${key}`, value as Table] as const]
        : [[place, { [key]: value }] as const];
    }),
  );
  return [...tables, ...adapters].flatMap(([pointer, table]) =>
    Object.entries(table).flatMap(([pool, cell]) => priceFaults(`${pointer}/${pool}`, cell)),
  );
}

type Table = Readonly<Record<string, unknown>>;
type Tables = Readonly<Record<string, Table>>;

function isTierName(key: string): boolean {
  return SERVICE_TIERS.some((tier) => tier === key);
}

function mappingFaults(at: string, mapping: MappingDocument): PriceFault[] {
  if ((mapping.model === undefined) !== (mapping.model_name === undefined)) return [];
  const detail = 'give either model (where the name stands) or model_name (the name itself)';
  return [{ pointer: at, code: 'invalid_mapping', detail }];
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
