// The JSON Schema of the catalog document. `code` is the rule that a fault against a part is reported as.
import type { Static, TObject, TOptional, TSchema } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';
import { LIMIT_NAMES } from '../events/account-facts.js';
import { QUANTITIES, SERVICE_TIERS } from '../events/quantities.js';
import { MappingsSchema } from './ingest-mappings.js';
import { Money, PriceCellSchema } from './price-cell-schema.js';

const sealed = (code: string) => ({ additionalProperties: false, code });

/** Every name of the list, each optional, and no other name. */
const optionalFields = <Name extends string, Part extends TSchema>(
  names: readonly Name[],
  part: Part,
  code: string,
): TObject<Record<Name, TOptional<Part>>> => {
  const fields = Object.fromEntries(names.map((name) => [name, Type.Optional(part)]));
  return Type.Object(fields as unknown as Record<Name, TOptional<Part>>, sealed(code));
};

/** Pool → price. */
export const PriceTable = optionalFields(QUANTITIES, PriceCellSchema, 'unknown_quantity');
/** Service tier → pool → price. */
export const PricesByTier = optionalFields(SERVICE_TIERS, PriceTable, 'unknown_service_tier');

const ModelName = Type.String({ pattern: '^[!-~]{1,256}$' });
const Name = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' });
const SourceId = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,62}$' });
const Text = Type.String({ minLength: 1, maxLength: 500 });
const TokenCount = Type.Integer({ minimum: 1 });

const rowsOfModel = {
  prices: PricesByTier,
  // Flat pools hold for every service tier; which form it is, the keys tell.
  adapters: Type.Optional(
    Type.Record(Name, Type.Union([PriceTable, PricesByTier]), sealed('invalid_name')),
  ),
};

const Model = Type.Object(
  {
    ...rowsOfModel,
    title: Type.Optional(Text),
    status: Type.Optional(Text),
    context_window: Type.Optional(TokenCount),
    max_output_tokens: Type.Optional(TokenCount),
    sources: Type.Optional(Type.Array(Text)),
  },
  sealed('unknown_field'),
);

const TierModel = Type.Object(
  { ...rowsOfModel, prices: Type.Optional(PricesByTier) },
  sealed('unknown_field'),
);

const Limit = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { code: 'invalid_limit' });

const Tier = Type.Object(
  {
    title: Type.Optional(Text),
    monthly_fee: Type.Optional(
      Type.Union([Type.String({ pattern: String.raw`^\d{1,12}(\.\d{1,9})?$` }), Type.Null()], {
        code: 'invalid_fee',
      }),
    ),
    usage: Type.Union([Type.Literal('free'), Type.Literal('metered'), Type.Literal('contract')], {
      code: 'invalid_value',
    }),
    features: Type.Optional(Type.Array(Text)),
    discount_percent: Type.Optional(
      Type.String({ pattern: String.raw`^\d{1,3}(\.\d{1,6})?$`, code: 'invalid_percent' }),
    ),
    minimum_commitment: Type.Optional(Money),
    maximum_charge: Type.Optional(Money),
    limits: Type.Optional(
      Type.Record(
        ModelName,
        optionalFields(LIMIT_NAMES, Limit, 'unknown_limit'),
        sealed('invalid_name'),
      ),
    ),
    prices: Type.Optional(Type.Record(ModelName, TierModel, sealed('invalid_name'))),
    sources: Type.Optional(Type.Array(Text)),
  },
  sealed('unknown_field'),
);

/** The document of design section 5, and what we add to it: prices per tier, and facts about models. */
export const CatalogSchema = Type.Object(
  {
    version: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$', code: 'invalid_version' }),
    effective_from: Type.String({ code: 'invalid_effective_from' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$', code: 'invalid_currency' }),
    title: Type.Optional(Text),
    sources: Type.Optional(Type.Record(SourceId, Text, sealed('invalid_name'))),
    ingest: Type.Optional(
      Type.Object({ mappings: Type.Optional(MappingsSchema) }, sealed('unknown_field')),
    ),
    models: Type.Record(ModelName, Model, sealed('invalid_name')),
    tiers: Type.Record(Name, Tier, { ...sealed('invalid_name'), minProperties: 1 }),
  },
  sealed('unknown_field'),
);

export type CatalogDocument = Static<typeof CatalogSchema>;
export type ModelDocument = Static<typeof Model>;
export type TierDocument = Static<typeof Tier>;
export type AdapterDocument = Static<typeof PriceTable> | Static<typeof PricesByTier>;
