// The event as a schema: one source for the compiled check of the hot path, for the words of a refusal, and for OpenAPI.
// Lengths are inside the patterns, since counting code points by `maxLength` costs half the speed (performance.md B1).
import { Type, type Static, type TProperties, type TSchema } from '@sinclair/typebox';
import { MEASURES, SERVICE_TIERS, TOKEN_POOLS } from './quantities.js';
import type { DoorReason } from './rejection.js';
import { CORRECTED_TYPE, RECORDED_TYPE, VOIDED_TYPE } from './usage-event.js';

/** What a schema says for itself when a value breaks it: the reason, and the rule as the end of "… must be". */
export interface Rule {
  readonly reason: DoorReason;
  readonly rule: string;
}

export const MAX_QUANTITY = Number.MAX_SAFE_INTEGER;

const STATUSES = ['completed', 'aborted', 'failed'] as const;

const rule = (reason: DoorReason, text: string): Rule => ({ reason, rule: text });

// No control characters and no lone surrogates: those have no UTF-8 of their own, so two texts would hash alike. Names are
// ASCII nearly always, which the first branch takes at full speed; a pair of surrogates is one character in the second.
const oneLine = (length: string) =>
  `^(?:[ -~]{${length}}|(?:[ -~\\u00a0-\\ud7ff\\ue000-\\uffff]|[\\ud800-\\udbff][\\udc00-\\udfff]){${length}})$`;

const pattern = (source: string, said: Rule) => Type.String({ pattern: source, ...said });

const text = pattern(
  oneLine('1,256'),
  rule('invalid_value', 'a text of 1 to 256 characters without control characters'),
);
const quantity = Type.Integer({
  minimum: 0,
  maximum: MAX_QUANTITY,
  ...rule('invalid_quantity', 'a whole number from 0 to 9007199254740991'),
});

/** An attribute that is null is unset (CloudEvents JSON format 2.2). */
const unset = <Schema extends TSchema>(schema: Schema) =>
  Type.Optional(
    Type.Union([Type.Null(), schema], {
      ...rule(schema['reason'] as DoorReason, schema['rule'] as string),
    }),
  );

const oneOf = <Name extends string>(names: readonly Name[]) =>
  Type.Unsafe<Name>(
    Type.Union(
      names.map((name) => Type.Literal(name)),
      rule('invalid_value', `one of ${names.join(', ')}`),
    ),
  );

const strict = <Properties extends TProperties>(properties: Properties) =>
  Type.Object(properties, {
    additionalProperties: false,
    ...rule('invalid_value', 'an object'),
  });

const named = <Name extends string, Schema extends TSchema>(
  names: readonly Name[],
  schema: Schema,
) => Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;

const tokens = strict(named(TOKEN_POOLS, Type.Optional(quantity)));

const usageRule = rule('invalid_value', "the provider's usage object, or an array of a stream's");
const usageObject = Type.Unsafe<Record<string, unknown> | readonly unknown[]>(
  Type.Union([Type.Object({}, usageRule), Type.Array(Type.Unknown(), usageRule)], usageRule),
);

const usageData = {
  model: text,
  project: unset(text),
  api_key: unset(text),
  service_tier: unset(oneOf(SERVICE_TIERS)),
  adapter: unset(text),
  reservation: unset(text),
  user: unset(text),
  status: unset(oneOf(STATUSES)),
  tokens: unset(tokens),
  usage: unset(usageObject),
  usage_format: unset(text),
  ...named(MEASURES, Type.Optional(quantity)),
};

const correctionData = {
  original: strict({ id: text, source: unset(text) }),
  reason: pattern(
    oneLine('1,1000'),
    rule('invalid_value', 'a text of 1 to 1000 characters without control characters'),
  ),
};

const envelope = <Data extends TSchema>(type: string, data: Data) =>
  Type.Object(
    {
      specversion: Type.Literal('1.0', rule('invalid_cloudevent', '"1.0"')),
      id: text,
      source: text,
      type: Type.Literal(type, rule('unknown_type', type)),
      subject: pattern(
        '^org_[a-z0-9_-]{1,60}$',
        rule('invalid_value', 'the organization: org_ and 1 to 60 of a-z, 0-9, _ and -'),
      ),
      time: Type.String(rule('invalid_time', 'an RFC 3339 instant')),
      datacontenttype: unset(
        pattern(
          '^[A-Za-z]+/(?:json|[A-Za-z0-9.-]+[+]json)[ \\t]*(?:;.*)?$',
          rule('invalid_cloudevent', 'a JSON media type'),
        ),
      ),
      dataschema: unset(text),
      sequence: unset(
        pattern('^0{0,40}[0-9]{1,18}$', rule('invalid_value', 'a text of 1 to 18 digits')),
      ),
      data,
    },
    rule('invalid_cloudevent', 'an object'),
  );

export const recordedEvent = envelope(RECORDED_TYPE, strict(usageData));
export const voidedEvent = envelope(VOIDED_TYPE, strict(correctionData));
export const correctedEvent = envelope(CORRECTED_TYPE, strict({ ...correctionData, ...usageData }));

export type UsageData = Static<typeof recordedEvent>['data'];
export type CorrectionData = Static<typeof voidedEvent>['data'];
