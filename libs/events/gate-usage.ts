// What was used, out of an event whose fields are sound: our own pools, or a provider's usage object turned into them.
import { depthOf, SURELY_EXACT } from './gate-json.js';
import type { CheckedEvent } from './gate-envelope.js';
import type { Fault } from './gate-refusal.js';
import { MEASURES, QUANTITIES, type Quantities } from './quantities.js';
import { readUsage } from './usage/formats.js';
import { readUsageStream } from './usage/usage-stream.js';

/** Arrays and objects inside one another that an event may have; `data.usage` is the third of them. */
export const MAX_DEPTH = 16;
const USAGE_DEPTH = MAX_DEPTH - 2;

type Read = { readonly quantities: Quantities } | { readonly fault: Fault };

/** Exactly one of `tokens` and `usage`, or measures alone; a voided event uses nothing. */
export function readQuantities(event: CheckedEvent): Read {
  const { kind, data } = event;
  if (kind === 'voided') return { quantities: {} };
  const { tokens, usage } = data;
  if (usage) return tokens ? bothFault() : providerUsage(event, usage);
  if (data.usage_format)
    return fault(
      'ambiguous_usage',
      '/data/usage_format',
      'usage_format names usage, which is absent',
    );
  const measures = measured(event);
  const quantities = measures ? { ...tokens, ...measures } : (tokens ?? {});
  for (const _ in quantities) return { quantities };
  return tokens
    ? fault('no_usage', '/data/tokens', 'data.tokens names no pool')
    : fault('no_usage', '/data', 'data has neither tokens nor usage nor a measure');
}

/** True when a number may have lost a digit in parsing and must be read again. */
export function isLarge(quantities: Quantities): boolean {
  for (const name in quantities)
    if ((quantities[name as keyof Quantities] ?? 0) >= SURELY_EXACT) return true;
  return false;
}

type SentUsage = NonNullable<CheckedEvent['data']['usage']>;

function providerUsage(event: CheckedEvent, usage: SentUsage): Read {
  const { data } = event;
  if (depthOf(usage, USAGE_DEPTH) > USAGE_DEPTH)
    return fault('invalid_value', '/data/usage', `the event is nested deeper than ${MAX_DEPTH}`);
  const format = data.usage_format ?? null;
  const read = isStream(usage) ? readUsageStream(usage, format) : readUsage(usage, format);
  if ('fault' in read) {
    const { reason, detail } = read.fault;
    if (reason === 'unknown_usage_format' && format !== null)
      return fault(reason, '/data/usage_format', `data.usage_format ${detail}`);
    const pointer = `/data/usage${read.fault.pointer}`;
    return fault(reason, pointer, `${pointer.slice(1).replaceAll('/', '.')} ${detail}`);
  }
  const found: Quantities = {};
  for (const name of QUANTITIES) if (read.quantities[name]) found[name] = read.quantities[name];
  const measures = measured(event);
  for (const name of MEASURES)
    if (measures?.[name] !== undefined && found[name] !== undefined)
      return fault('ambiguous_usage', `/data/${name}`, `data.${name} is in data.usage as well`);
  return { quantities: measures ? { ...found, ...measures } : found };
}

function isStream(usage: SentUsage): usage is readonly unknown[] {
  return Array.isArray(usage);
}

function measured(event: CheckedEvent): Quantities | undefined {
  let found: Quantities | undefined;
  for (const name of MEASURES) {
    const units = event.data[name];
    if (units !== undefined) (found ??= {})[name] = units;
  }
  return found;
}

function bothFault(): Read {
  return fault('ambiguous_usage', '/data/usage', 'data has both tokens and usage');
}

function fault(
  reason: Fault['reason'],
  pointer: string,
  detail: string,
): { readonly fault: Fault } {
  return { fault: { reason, pointer, detail } };
}
