// Decisions → Envoy's answer: its code, the header fields and body to forward, and the state of the limit that is in the way.
import type { Answer } from './answer.js';
import type { Decision, WindowView } from './decision.js';

/** Seconds of a window → Envoy's unit. */
const UNITS: Readonly<Record<number, string>> = { 60: 'MINUTE', 3_600: 'HOUR', 86_400: 'DAY' };
const MOST = 4_294_967_295n;
const SECOND_NS = 1_000_000_000n;

/** A decision with its answer. */
export interface Answered {
  readonly decision: Decision;
  readonly answer: Answer;
}

export interface EnvoyHeader {
  readonly key: string;
  readonly value: string;
}

export interface EnvoyStatus {
  readonly code: 'OK' | 'OVER_LIMIT';
  readonly current_limit?: { requests_per_unit: number; unit: string; name: string };
  readonly limit_remaining?: number;
  readonly duration_until_reset?: { seconds: string; nanos: number };
}

export interface EnvoyResponse {
  readonly overall_code: 'OK' | 'OVER_LIMIT';
  readonly statuses: readonly EnvoyStatus[];
  readonly response_headers_to_add: readonly EnvoyHeader[];
  readonly request_headers_to_add: readonly EnvoyHeader[];
  readonly raw_body: Buffer;
}

/**
 * The answer about all descriptors. Refused: the first refusal is forwarded. Envoy sends the status of its own configuration
 * (429) with it: `meterbook-status` says which one the profile prescribes. Admitted: the node is told the reservations.
 */
export function envoyResponse(answered: readonly Answered[]): EnvoyResponse {
  const refused = answered.find(({ decision }) => decision.outcome === 'refused');
  const shown = refused ?? answered[0];
  const { status = 200, headers = {}, body = null } = shown?.answer ?? {};
  const told = refused ? { ...headers, 'meterbook-status': String(status) } : headers;
  const reservations = answered.flatMap(({ decision }) => decision.reservation ?? []);
  return {
    overall_code: refused ? 'OVER_LIMIT' : 'OK',
    statuses: answered.map(({ decision }) => statusOf(decision)),
    response_headers_to_add: Object.entries(told).map(([key, value]) => ({ key, value })),
    request_headers_to_add: refused
      ? []
      : reservations.map((value) => ({ key: 'meterbook-reservation', value })),
    raw_body: Buffer.from(body === null ? '' : JSON.stringify(body)),
  };
}

function statusOf(decision: Decision): EnvoyStatus {
  const code = decision.outcome === 'refused' ? 'OVER_LIMIT' : 'OK';
  const window = tightest(decision);
  if (!window) return { code };
  return {
    code,
    current_limit: {
      requests_per_unit: capped(window.limit),
      unit: UNITS[window.windowSeconds] ?? 'UNKNOWN',
      name: window.scope === 'project' ? `project_${window.name}` : window.name,
    },
    limit_remaining: capped(window.remaining),
    ...(window.fullInNs === null ? {} : { duration_until_reset: durationOf(window.fullInNs) }),
  };
}

// The violated one, else the one of which the least share is left.
function tightest({ windows, violated }: Decision): WindowView | undefined {
  const [first] = violated;
  const hit = windows.find(({ name, scope }) => name === first?.name && scope === first.scope);
  return hit ?? windows.toSorted(byShareLeft)[0];
}

function byShareLeft(left: WindowView, right: WindowView): number {
  const difference = left.remaining * right.limit - right.remaining * left.limit;
  return difference < 0n ? -1 : Number(difference > 0n);
}

function durationOf(nanos: bigint): { seconds: string; nanos: number } {
  return { seconds: (nanos / SECOND_NS).toString(), nanos: Number(nanos % SECOND_NS) };
}

// Envoy's field has 32 bits.
function capped(value: bigint): number {
  return Number(value > MOST ? MOST : value);
}
