// What a request takes at most, in tokens and in money: the estimate that a reservation holds. Priced at the dearest row in force
// from now until the hold expires and over every pool that the tokens may turn out to be, so that no usage that keeps to the
// reservation can cost more than what is held (design section 6).
import { INPUT_POOLS, OUTPUT_POOLS, type Quantity } from '#libs/events/quantities.js';
import { worstCaseFemto } from '#libs/rating/charge/charge.js';
import { CONTEXT_BOUNDS } from '#libs/rating/context-bounds.js';
import {
  catalogAt,
  changesBetween,
  priceAt,
  type PriceKey,
  type Terms,
  termsAt,
} from '#libs/rating/price-book.js';
import type { ReservationRequest } from './decision.js';

/** What a reservation holds at most. */
export interface WorstCase {
  readonly requests: 1;
  readonly tokens: bigint;
  readonly audioMs: bigint;
  readonly femto: bigint;
}

/** Why a request cannot be decided at all: the caller's mistake, never the customer's refusal. */
export interface RequestFault {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly code: 'no_terms' | 'unknown_model' | 'not_priced' | 'missing_field';
  readonly detail: string;
}

/** From the first to before the last instant at which usage of the reservation may happen. */
export interface PricedSpan {
  readonly from: number;
  readonly to: number;
}

/** Tokens, audio and the most that they can cost in the span; a fault when there is no price or no maximum to hold. */
export function worstCase(
  terms: Terms,
  request: ReservationRequest,
  span: PricedSpan,
): WorstCase | RequestFault {
  const fault = faultOf(terms, request, span.from);
  if (fault) return fault;
  const output = request.maxOutputTokens ?? modelMaximum(terms, request, span.from);
  if (output === undefined) return noMaximum(request);
  const parts: [readonly Quantity[], bigint][] = [
    [INPUT_POOLS, request.inputTokens],
    [OUTPUT_POOLS, output],
    ...Object.entries(request.measures).map(([measure, units]): [readonly Quantity[], bigint] => [
      [measure as Quantity],
      units,
    ]),
  ];
  let femto = 0n;
  for (const [pools, units] of parts) {
    if (units === 0n) continue;
    const most = dearestFemto(terms, request, { pools, units }, span);
    if (most === undefined) return notPriced(request, pools);
    femto += most;
  }
  const tokens = request.inputTokens + output;
  return { requests: 1, tokens, audioMs: request.measures.audio_ms ?? 0n, femto };
}

/** Units that may turn out to be of any of the pools. */
export interface PooledUnits {
  readonly pools: readonly Quantity[];
  readonly units: bigint;
}

/**
 * The most that so many units can cost at any time of the span, in whichever of the pools and at any input length up to the
 * estimate; 0n while usage is free, undefined when at some time of it no pool has a price.
 */
export function dearestFemto(
  terms: Terms,
  request: Pick<ReservationRequest, 'model' | 'serviceTier' | 'adapter' | 'inputTokens'>,
  units: PooledUnits,
  span: PricedSpan,
): bigint | undefined {
  const contexts = [0, ...CONTEXT_BOUNDS.filter((bound) => request.inputTokens > BigInt(bound))];
  let most = 0n;
  for (const at of [span.from, ...changesBetween(terms, span.from, span.to)]) {
    if (termsAt(terms, at)?.tier.usage === 'free') continue;
    const found = contexts.flatMap((context) => femtoAt(terms, { ...request, context }, units, at));
    if (found.length === 0) return undefined;
    for (const femto of found) if (femto > most) most = femto;
  }
  return most;
}

// Packages, flats and steps can be entered in each pool; units of a plain price are in one. [] when no pool has a price.
function femtoAt(
  terms: Terms,
  { model, serviceTier, adapter, context }: Omit<PriceKey, 'quantity'>,
  { pools, units }: PooledUnits,
  at: number,
): [] | [bigint] {
  let perUnit: bigint | undefined;
  let byTotal = 0n;
  for (const quantity of pools) {
    const row = priceAt(terms, { model, serviceTier, adapter, quantity, context }, at);
    if (!row) continue;
    const femto = worstCaseFemto(row.charge, units);
    perUnit ??= 0n;
    if (row.charge.model !== 'per_unit') byTotal += femto;
    else if (femto > perUnit) perUnit = femto;
  }
  return perUnit === undefined ? [] : [perUnit + byTotal];
}

/** True for a fault. */
export function isFault(value: object): value is RequestFault {
  return 'pointer' in value;
}

function faultOf(
  terms: Terms,
  { model }: ReservationRequest,
  at: number,
): RequestFault | undefined {
  if (!termsAt(terms, at))
    return {
      pointer: '/organization',
      code: 'no_terms',
      detail: 'is on a tier that no catalog in force describes: nothing says what it may run',
    };
  if (Object.hasOwn(catalogAt(terms.catalogs, at)?.models ?? {}, model)) return undefined;
  const detail = `${JSON.stringify(model)} is not in the catalog in force`;
  return { pointer: '/model', code: 'unknown_model', detail };
}

// A model without any price for output (embeddings, transcription) makes none.
function modelMaximum(terms: Terms, request: ReservationRequest, at: number): bigint | undefined {
  const about = catalogAt(terms.catalogs, at)?.models[request.model]?.about;
  const maximum = about?.maxOutputTokens ?? null;
  if (maximum !== null) return BigInt(maximum);
  // Input and output share the context.
  const context = BigInt(about?.contextWindow ?? 0);
  if (context > 0n) return context > request.inputTokens ? context - request.inputTokens : 0n;
  const { model, serviceTier, adapter } = request;
  const makesOutput = OUTPUT_POOLS.some((quantity) =>
    priceAt(terms, { model, serviceTier, adapter, quantity, context: 0 }, at),
  );
  return makesOutput ? undefined : 0n;
}

function noMaximum({ model }: ReservationRequest): RequestFault {
  return {
    pointer: '/max_output_tokens',
    code: 'missing_field',
    detail: `is needed: the catalog does not say how much ${model} can answer at most`,
  };
}

function notPriced(request: ReservationRequest, pools: readonly Quantity[]): RequestFault {
  const { model, serviceTier, adapter } = request;
  const adapted = adapter === null ? '' : ` with adapter ${adapter}`;
  return {
    pointer: adapter === null ? '/service_tier' : '/adapter',
    code: 'not_priced',
    detail: `${model}${adapted} on ${serviceTier} has no price for ${pools[0]}: nothing can be held`,
  };
}
