// Whether a repeated request id asks for the same thing.
import type { ReservationRequest } from './decision.js';
import type { Conflict } from './reservation.js';

const NAMES = {
  model: '/model',
  project: '/project',
  apiKey: '/api_key',
  serviceTier: '/service_tier',
  adapter: '/adapter',
  inputTokens: '/input_tokens',
  maxOutputTokens: '/max_output_tokens',
} as const;

/** undefined when both ask for the same; else the first field that differs. How long it should live does not matter. */
export function sameRequest(
  before: ReservationRequest,
  after: ReservationRequest,
): Conflict | undefined {
  const fields = Object.entries(NAMES) as [keyof typeof NAMES, string][];
  const other = fields.find(([name]) => before[name] !== after[name]);
  const measures = ['audio_ms', 'characters', 'images', 'searches'] as const;
  const measure = measures.find(
    (name) => (before.measures[name] ?? 0n) !== (after.measures[name] ?? 0n),
  );
  const pointer = other?.[1] ?? (measure && `/${measure}`);
  if (pointer === undefined) return undefined;
  return {
    code: 'request_id_reused',
    pointer,
    detail: `differs from what request ${JSON.stringify(after.requestId)} asked for before; that reservation still lives`,
  };
}
