// A reservation as one short JSON array: what its row's columns do not say. Half a kilobyte less a row than names and nested
// objects, and no second tree in memory to print it from.
import type { LimitName } from '#libs/events/account-facts.js';
import type { Measure, Quantities, ServiceTier } from '#libs/events/quantities.js';
import { LIMIT_LAWS, viewBucket, windowNs } from '#libs/rating/bucket.js';
import type { WindowView } from '../domain/decision.js';
import type { Reservation, ReservationState } from '../domain/reservation.js';
import type { KeptReservation, ReservationRow } from './kept-reservation.js';

/** A whole number of any size: a JSON number up to 2^53, text beyond. */
type Whole = number | string;

type Text = readonly [
  asked: readonly [
    apiKey: string | null,
    serviceTier: ServiceTier,
    adapter: string | null,
    inputTokens: Whole,
    maxOutputTokens: Whole | null,
    measures: Readonly<Partial<Record<Measure, Whole>>> | 0,
    ttlSeconds: number,
  ],
  /** Input and maximum output as an extension raised them; 0 before one. */
  raised: readonly [inputTokens: Whole, maxOutputTokens: Whole | null] | 0,
  bookedAt: number,
  held: readonly [tokens: Whole, audioMs: Whole, femto: Whole],
  booked: readonly [Whole, Whole, Whole, heldFemto: Whole, unconfirmedFemto: Whole],
  used: readonly [Quantities | null, Quantities | null, Whole, Reservation['settledBy']] | 0,
  decided: readonly [
    at: number,
    profile: 'groq' | 'openai',
    tier: string,
    leased: 0 | 1,
    windows: readonly (readonly [LimitName, isOfProject: 0 | 1, limit: Whole, used: Whole])[],
  ],
  source: string | null,
];

/** The body of a reservation's row. */
export function reservationText({ reservation, decided, source, asked }: KeptReservation): string {
  const { request, held, booked, reported, actual, actualFemto, settledBy } = reservation;
  const measures = Object.entries(asked.measures);
  const isUsed = reported !== null || actual !== null || settledBy !== null;
  const text: Text = [
    [
      asked.apiKey,
      asked.serviceTier,
      asked.adapter,
      whole(asked.inputTokens),
      asked.maxOutputTokens === null ? null : whole(asked.maxOutputTokens),
      measures.length === 0 ? 0 : Object.fromEntries(measures.map(([m, n]) => [m, whole(n)])),
      asked.ttlSeconds,
    ],
    request === asked
      ? 0
      : [
          whole(request.inputTokens),
          request.maxOutputTokens === null ? null : whole(request.maxOutputTokens),
        ],
    reservation.bookedAt,
    [whole(held.tokens), whole(held.audioMs), whole(held.femto)],
    [
      whole(booked.requests),
      whole(booked.tokens),
      whole(booked.audioMs),
      whole(booked.heldFemto),
      whole(booked.unconfirmedFemto),
    ],
    isUsed ? [reported, actual, whole(actualFemto), settledBy] : 0,
    [
      decided.at,
      decided.profile,
      decided.tier,
      decided.leased ? 1 : 0,
      decided.windows.map(({ name, scope, limit, used }) => [
        name,
        scope === 'project' ? 1 : 0,
        whole(limit),
        whole(used),
      ]),
    ],
    source,
  ];
  return JSON.stringify(text);
}

/** The reservation that `reservationText` was given, out of its row. */
export function reservationOf(row: ReservationRow): KeptReservation {
  const [first, raised, bookedAt, held, booked, used, decided, source] = JSON.parse(
    row.body,
  ) as Text;
  const [apiKey, serviceTier, adapter, inputTokens, maxOutputTokens, measures, ttlSeconds] = first;
  const asked = {
    requestId: row.request_id,
    organization: row.organization,
    model: row.model,
    project: row.project,
    apiKey,
    serviceTier,
    adapter,
    inputTokens: BigInt(inputTokens),
    maxOutputTokens: maxOutputTokens === null ? null : BigInt(maxOutputTokens),
    measures: measuresOf(measures),
    ttlSeconds,
  };
  const [input, output] = raised === 0 ? [] : raised;
  const request =
    input === undefined
      ? asked
      : {
          ...asked,
          inputTokens: BigInt(input),
          maxOutputTokens: output == null ? null : BigInt(output),
        };
  const [reported, actual, actualFemto, settledBy] = used === 0 ? [null, null, 0, null] : used;
  const reservation: Reservation = {
    id: row.id,
    request,
    madeAt: Number(row.made_at),
    bookedAt,
    expiresAt: Number(row.expires_at),
    state: row.state as ReservationState,
    held: {
      requests: 1,
      tokens: BigInt(held[0]),
      audioMs: BigInt(held[1]),
      femto: BigInt(held[2]),
    },
    booked: {
      requests: BigInt(booked[0]),
      tokens: BigInt(booked[1]),
      audioMs: BigInt(booked[2]),
      heldFemto: BigInt(booked[3]),
      unconfirmedFemto: BigInt(booked[4]),
    },
    reported,
    actual,
    actualFemto: BigInt(actualFemto),
    settledBy,
    endedAt: row.ended_at === null ? null : Number(row.ended_at),
  };
  const [at, profile, tier, leased, windows] = decided;
  const then = { at, profile, tier, leased: leased === 1, windows: windows.map(windowOf) };
  return { reservation, decided: then, source, asked };
}

// What a view says beside `used` and `limit` follows from them.
function windowOf([name, isOfProject, limit, used]: Text[6][4][number]): WindowView {
  const law = LIMIT_LAWS[name];
  return {
    name,
    scope: isOfProject === 1 ? 'project' : 'organization',
    limit: BigInt(limit),
    windowSeconds: law.windowSeconds,
    ...viewBucket(BigInt(used) * windowNs(law), Number(limit), law),
  };
}

function measuresOf(measures: Text[0][5]): Partial<Record<Measure, bigint>> {
  if (measures === 0) return {};
  return Object.fromEntries(Object.entries(measures).map(([name, n]) => [name, BigInt(n)]));
}

function whole(value: bigint): Whole {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
