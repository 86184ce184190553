// Which foreign event types are built in and what their data means. Each mapping is a function of the data alone.
import type { Quantities } from '#libs/events/quantities.js';
import type { DoorReason } from '#libs/events/rejection.js';

type Fields = Readonly<Record<string, unknown>>;

export interface MappingFault {
  readonly reason: DoorReason;
  readonly pointer: string;
  readonly detail: string;
}

export type MappedData =
  | {
      /** Unchecked: the gate says what is wrong with it. */
      readonly model: unknown;
      readonly tokens: Quantities;
      /** Extension attributes that keep what has no field of ours. */
      readonly attributes: Readonly<Record<string, string>>;
    }
  | { readonly fault: MappingFault };

export type Mapping = (data: Fields) => MappedData;

/** By event type: LiteLLM's callback, and the examples of OpenMeter's documentation and its LangChain collector. */
export const MAPPINGS: ReadonlyMap<string, Mapping> = new Map([
  ['litellm_tokens', litellmTokens],
  ['prompt', tokensOfOneKind],
  ['tokens', tokensOfOneKind],
  ['ai-tokens', tokensOfOneKind],
]);

/** Says of an event that its pools cannot be told apart. */
export const INCOMPLETE = { mbpoolsincomplete: 'true' };
const INPUT_KINDS: ReadonlySet<unknown> = new Set(['input', 'prompt', 'system', undefined, null]);
const OUTPUT_KINDS: ReadonlySet<unknown> = new Set(['output', 'completion']);

/** `"123"` → 123, as OpenMeter takes numbers; what is no whole number stays what it is and is refused for it. */
export function asCount(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,16}(?:\.0+)?$/.test(value) ? Number(value) : value;
}

/** `{model, cost, prompt_tokens, completion_tokens, total_tokens}`: cached tokens cannot be told apart, cost is only kept. */
function litellmTokens(data: Fields): MappedData {
  const input = countAt(data, 'prompt_tokens');
  const output = countAt(data, 'completion_tokens');
  const total = countAt(data, 'total_tokens');
  for (const read of [input, output, total]) if (typeof read === 'object') return { fault: read };
  if (input === undefined && output === undefined)
    return fault('no_usage', '/data', 'data has no prompt_tokens and no completion_tokens');
  const tokens = { input: Number(input ?? 0), output: Number(output ?? 0) };
  const sum = tokens.input + tokens.output;
  if (total !== undefined && total !== sum)
    return fault(
      'quantities_do_not_add_up',
      '/data/total_tokens',
      `data.total_tokens is not ${sum}, the sum of its parts`,
    );
  const cost = data['cost'];
  const isKept = typeof cost === 'number' || typeof cost === 'string';
  return {
    model: data['model'],
    tokens,
    attributes: isKept ? { ...INCOMPLETE, mbcost: `${cost}` } : INCOMPLETE,
  };
}

/** `{tokens, model, type: "input" | "output" | "system"}`; without a type they are the prompt's. */
function tokensOfOneKind(data: Fields): MappedData {
  const units = countAt(data, 'tokens');
  if (typeof units === 'object') return { fault: units };
  if (units === undefined) return fault('no_usage', '/data', 'data has no tokens');
  const kind = data['type'];
  const isOutput = OUTPUT_KINDS.has(kind);
  if (!isOutput && !INPUT_KINDS.has(kind))
    return fault('invalid_value', '/data/type', 'data.type must be input, output or system');
  const tokens: Quantities = isOutput ? { output: units } : { input: units };
  return { model: data['model'], tokens, attributes: INCOMPLETE };
}

function countAt(data: Fields, name: string): number | undefined | MappingFault {
  const value = Object.hasOwn(data, name) ? asCount(data[name]) : undefined;
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  const detail = `data.${name} must be a whole number from 0 to 9007199254740991`;
  return { reason: 'invalid_quantity', pointer: `/data/${name}`, detail };
}

function fault(reason: DoorReason, pointer: string, detail: string): MappedData {
  return { fault: { reason, pointer, detail } };
}
