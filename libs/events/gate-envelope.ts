// The envelope and the fields of an event against its schema: the compiled check first, words only when it fails.
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { badExtension } from './cloud-event.js';
import { decodeUtf8 } from './gate-json.js';
import { schemaFault, shown, type Fault } from './gate-refusal.js';
import { CORRECTED_TYPE, RECORDED_TYPE, VOIDED_TYPE, type UsageEvent } from './usage-event.js';
import {
  correctedEvent,
  recordedEvent,
  voidedEvent,
  type CorrectionData,
  type UsageData,
} from './usage-schema.js';

/** An event whose envelope and fields are checked; its data may still contradict itself. */
export interface CheckedEvent {
  readonly kind: UsageEvent['kind'];
  readonly envelope: {
    readonly id: string;
    readonly source: string;
    readonly subject: string;
    readonly time: string;
    readonly sequence?: string | null;
    readonly mbmapped?: unknown;
  };
  /** Usage fields are absent on a voided event, correction fields on a recorded one. */
  readonly data: UsageData & CorrectionData;
}

interface KnownType {
  readonly kind: UsageEvent['kind'];
  readonly schema: TSchema;
  readonly isValid: (value: unknown) => boolean;
}

function known(kind: UsageEvent['kind'], schema: TSchema): KnownType {
  const check = TypeCompiler.Compile(schema);
  return { kind, schema, isValid: (value) => check.Check(value) };
}

const TYPES: ReadonlyMap<unknown, KnownType> = new Map([
  [RECORDED_TYPE, known('recorded', recordedEvent)],
  [VOIDED_TYPE, known('voided', voidedEvent)],
  [CORRECTED_TYPE, known('corrected', correctedEvent)],
]);

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Checks all that a schema can say. `parse` reads the JSON inside `data_base64` as the event itself was read. */
export function checkEnvelope(
  raw: unknown,
  parse: (text: string) => unknown,
): CheckedEvent | { readonly fault: Fault } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return fault('invalid_cloudevent', '', `the event must be an object, not ${shown(raw)}`);
  const unpacked = unpack(raw as Record<string, unknown>, parse);
  if ('fault' in unpacked) return unpacked;
  const event = unpacked.event;
  const type = TYPES.get(event['type']);
  if (!type) return typeFault(event);
  if (!type.isValid(event)) return { fault: schemaFault(type.schema, event) };
  const bad = badExtension(event);
  if (bad !== undefined) return extensionFault(bad);
  return {
    kind: type.kind,
    envelope: event as unknown as CheckedEvent['envelope'],
    data: event['data'] as CheckedEvent['data'],
  };
}

type Unpacked = { readonly event: Readonly<Record<string, unknown>> } | { readonly fault: Fault };

function unpack(
  raw: Readonly<Record<string, unknown>>,
  parse: (text: string) => unknown,
): Unpacked {
  if (raw['data_base64'] === undefined) return { event: raw };
  const { data_base64: packed, ...rest } = raw;
  if (packed === null) return { event: rest };
  const pointer = '/data_base64';
  if (rest['data'] !== undefined && rest['data'] !== null)
    return fault('invalid_cloudevent', pointer, 'data and data_base64 are both there');
  if (typeof packed !== 'string' || !BASE64.test(packed))
    return fault('invalid_cloudevent', pointer, 'data_base64 must be base64 text');
  const text = decodeUtf8(Buffer.from(packed, 'base64'));
  const data = text === undefined ? undefined : parse(text);
  if (data === undefined) return fault('invalid_json', pointer, 'data_base64 holds no JSON');
  return { event: { ...rest, data } };
}

function typeFault(event: Readonly<Record<string, unknown>>): { readonly fault: Fault } {
  const type = event['type'];
  if (typeof type !== 'string') return { fault: schemaFault(recordedEvent, event) };
  const ours = [...TYPES.keys()].join(', ');
  return fault('unknown_type', '/type', `type must be one of ${ours}, not ${shown(type)}`);
}

function extensionFault(name: string): { readonly fault: Fault } {
  const pointer = `/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return fault(
    'invalid_cloudevent',
    pointer,
    `${shown(name)} must be an extension attribute: a-z and 0-9 in its name, a scalar as its value`,
  );
}

function fault(reason: Fault['reason'], pointer: string, detail: string) {
  return { fault: { reason, pointer, detail } };
}
