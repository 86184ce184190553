// Usage that waits: of organizations that are not registered, and of what has no price row in force in its hours. It is counted and
// blocks the close of its month; nothing here is priced at zero.
import type { Quantity, ServiceTier } from '#libs/events/quantities.js';
import { changesBetween, priceAt, type Terms } from '#libs/rating/price-book.js';

/** Usage of one kind in hours between which no price, tier or catalog changes. */
export interface UsageCut {
  readonly organization: string;
  readonly model: string;
  readonly serviceTier: ServiceTier;
  readonly adapter: string | null;
  readonly quantity: Quantity;
  /** The first hour with usage and the end of the last, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly units: bigint;
  /** Requests under these names in the hours that used the quantity. */
  readonly requests: bigint;
}

export interface Suspended extends UsageCut {
  readonly reason: 'unknown_organization' | 'unpriced';
}

/** organization, model, service tier, adapter ('' for none), quantity: what suspense is ordered by. */
export type SuspensePosition = readonly [string, string, string, string, string];

const ALWAYS = { from: 0, to: 8_640_000_000_000_000 };

/** Every instant at which a price of any of these may change, ascending: between two of them a price holds or lacks throughout. */
export function priceChanges(all: Iterable<Terms>): number[] {
  const instants = new Set<number>();
  for (const terms of all)
    for (const at of changesBetween(terms, ALWAYS.from, ALWAYS.to)) instants.add(at);
  return [...instants].toSorted((left, right) => left - right);
}

/** What of the usage waits, one row per kind whatever the cuts; an organization without terms is not registered. */
export function suspendedOf(
  cuts: Iterable<UsageCut>,
  terms: ReadonlyMap<string, Terms>,
): Suspended[] {
  const byKind = new Map<string, Suspended>();
  for (const cut of cuts) {
    const own = terms.get(cut.organization);
    if (own && priceAt(own, { ...cut, context: 0 }, cut.from)) continue;
    const reason = own ? 'unpriced' : 'unknown_organization';
    const kind = positionOf(cut).join('\0');
    const before = byKind.get(kind);
    byKind.set(kind, before ? joined(before, cut) : { ...cut, reason });
  }
  return [...byKind]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([, suspended]) => suspended)
    .filter(({ units }) => units !== 0n);
}

export function positionOf(cut: UsageCut): SuspensePosition {
  const { organization, model, serviceTier, adapter, quantity } = cut;
  return [organization, model, serviceTier, adapter ?? '', quantity];
}

/** Whether a row comes after a position, in the order of `suspendedOf`. */
export function isAfter(cut: UsageCut, position: SuspensePosition): boolean {
  return positionOf(cut).join('\0') > position.join('\0');
}

function joined(one: Suspended, other: UsageCut): Suspended {
  return {
    ...one,
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    units: one.units + other.units,
    requests: one.requests + other.requests,
  };
}
