// The JSON Schema of one price of a catalog document or an override: a decimal per million units, or one of the charge models.
import type { Static } from '@sinclair/typebox';
import { Type } from '@sinclair/typebox';

const sealed = { additionalProperties: false, code: 'unknown_field' };

/** Currency units per million units of the pool: at most 9 decimals, so that a unit costs whole femto-units. */
const PerMillion = Type.String({
  pattern: String.raw`^\d{1,12}(\.\d{1,9})?$`,
  code: 'invalid_price',
});
/** Currency units. */
export const Money = Type.String({
  pattern: String.raw`^\d{1,12}(\.\d{1,9})?$`,
  code: 'invalid_amount',
});
// Above it a JSON number is not the number that was written.
const maximum = Number.MAX_SAFE_INTEGER;
const Units = Type.Integer({ minimum: 1, maximum, code: 'invalid_units' });
const FreeUnits = Type.Optional(Type.Integer({ minimum: 0, maximum, code: 'invalid_units' }));

const Step = Type.Object(
  { up_to: Type.Optional(Units), price: PerMillion, flat: Type.Optional(Money) },
  sealed,
);
const Steps = Type.Array(Step, { minItems: 1, maxItems: 100, code: 'invalid_tiers' });

/** The forms by the field that only they have. */
export const PRICE_FORMS = {
  price: Type.Object(
    {
      price: PerMillion,
      free_units: FreeUnits,
      above_context: Type.Optional(
        Type.Array(Type.Object({ tokens: Units, price: PerMillion }, sealed), {
          minItems: 1,
          maxItems: 20,
          code: 'invalid_tiers',
        }),
      ),
    },
    sealed,
  ),
  graduated: Type.Object({ graduated: Steps, free_units: FreeUnits }, sealed),
  volume: Type.Object({ volume: Steps, free_units: FreeUnits }, sealed),
  package: Type.Object(
    { package: Type.Object({ size: Units, price: Money }, sealed), free_units: FreeUnits },
    sealed,
  ),
  flat: Type.Object({ flat: Money, free_units: FreeUnits }, sealed),
} as const;

export type PriceForm = keyof typeof PRICE_FORMS;

export const PriceCellSchema = Type.Union(
  [
    PerMillion,
    PRICE_FORMS.price,
    PRICE_FORMS.graduated,
    PRICE_FORMS.volume,
    PRICE_FORMS.package,
    PRICE_FORMS.flat,
  ],
  { code: 'invalid_price' },
);

export type PriceCell = Static<typeof PriceCellSchema>;
export type StepCell = Static<typeof Step>;
