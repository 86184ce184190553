// A reservation as the contract shows it, and the usage that its bodies bring.
import { MEASURES, type Measure, type Quantities, TOKEN_POOLS } from '#libs/events/quantities.js';
import { type FieldError, invalidRequest } from '#libs/http/problem.js';
import { formatExact } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import { decisionIdOf, type KeptReservation } from '../store/kept-reservation.js';

/** `held` is null once it holds nothing; `tokens` is what it was settled to, `reported` the last word of extend. */
export function reservationView({ reservation, source }: KeptReservation) {
  const { id, request, state, held, booked, reported, actual } = reservation;
  const isHeld = state === 'held';
  return {
    id,
    decision_id: decisionIdOf(id),
    state,
    expires_at: formatInstant(reservation.expiresAt),
    held: isHeld
      ? { requests: 1, tokens: held.tokens, spend_exact: formatExact(booked.heldFemto) }
      : null,
    request_id: request.requestId,
    organization: request.organization,
    model: request.model,
    project: request.project,
    api_key: request.apiKey,
    service_tier: request.serviceTier,
    adapter: request.adapter,
    input_tokens: request.inputTokens,
    max_output_tokens: held.tokens - request.inputTokens,
    made_at: formatInstant(reservation.madeAt),
    ended_at: reservation.endedAt === null ? null : formatInstant(reservation.endedAt),
    reported,
    tokens: actual,
    spend_exact: state === 'settled' ? formatExact(reservation.actualFemto) : null,
    settled_by: reservation.settledBy,
    source,
  };
}

type MeasureBody = { readonly [Name in Measure]?: number | null };

/** Pools and measures of a body as quantities; 400 that names each pool or number that is none. */
export function quantitiesOf(
  tokens: Readonly<Record<string, unknown>>,
  measures: MeasureBody,
): Quantities {
  const errors: FieldError[] = [];
  const quantities: Quantities = {};
  for (const [name, units] of Object.entries(tokens)) {
    const pointer = `/tokens/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const pool = TOKEN_POOLS.find((known) => known === name);
    if (!pool) {
      const detail = `is no token pool; they are ${TOKEN_POOLS.join(', ')}`;
      errors.push({ pointer, code: 'unknown_field', detail });
    } else if (!Number.isSafeInteger(units) || (units as number) < 0) {
      const detail = `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
      errors.push({ pointer, code: 'invalid_value', detail });
    } else quantities[pool] = units as number;
  }
  if (errors.length > 0) throw invalidRequest(errors);
  for (const name of MEASURES) if (measures[name] != null) quantities[name] = measures[name];
  return quantities;
}

/** Measures of a request, as the rules take them. */
export function measuresOf(body: MeasureBody): Partial<Record<Measure, bigint>> {
  const measures: Partial<Record<Measure, bigint>> = {};
  for (const name of MEASURES) if (body[name]) measures[name] = BigInt(body[name]);
  return measures;
}
