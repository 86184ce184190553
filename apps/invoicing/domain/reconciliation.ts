// Whether metering, quota and invoicing hold the same usage of a month, and the two that price it the same money.
import { formatExact } from '#libs/money/money.js';
import { QUANTITIES } from '#libs/events/quantities.js';
import { digestText, type Positions, type ReaderTotals } from '#libs/rating/reader-totals.js';

export const READERS = ['metering', 'quota', 'invoicing'] as const;
export type ReaderName = (typeof READERS)[number];
export type Readings = Readonly<Record<ReaderName, ReaderTotals>>;

/** One figure that is not the same everywhere; null where a reader has no such figure. */
export interface Difference {
  /** `requests`, `quantities.input`, `digest`, `spent_exact`, `positions.usage.recorded.3`. */
  readonly field: string;
  readonly metering: string | null;
  readonly quota: string | null;
  readonly invoicing: string | null;
}

export interface Comparison {
  /** Same requests, quantities and digest in all three, same spend in quota and invoicing. */
  readonly equal: boolean;
  /** All three were read at the same positions: a difference is a fault then, and not a reader that is behind. */
  readonly samePositions: boolean;
  /** [] when equal; positions that differ are listed last. */
  readonly differences: readonly Difference[];
}

/**
 * Compares three readings, each of one snapshot. Equal digests are equal sets of counted events, so that readings at different
 * positions can be equal: the records between them are not of this organization's month.
 */
export function compareReadings(readings: Readings): Comparison {
  const figures = [
    figure('requests', readings, ({ requests }) => requests.toString()),
    ...QUANTITIES.map((name) =>
      figure(`quantities.${name}`, readings, ({ quantities }) => quantities[name].toString()),
    ),
    figure('digest', readings, ({ digest }) => digestText(digest)),
    figure('spent_exact', readings, ({ spentFemto }) =>
      spentFemto === null ? null : formatExact(spentFemto),
    ),
  ].filter(({ field, ...values }) => differs(values, field === 'spent_exact'));
  const positions = positionFigures(readings);
  const equal = figures.length === 0;
  return {
    equal,
    samePositions: positions.length === 0,
    differences: equal ? [] : [...figures, ...positions],
  };
}

/** The furthest position of any reader, per topic and partition, as `at_least`; '' when there is none. Only what `reads` knows. */
export function furthest(readings: Readings, reads: Positions): string {
  const wanted: string[] = [];
  for (const topic of Object.keys(reads)) {
    const partitions = new Map<string, number>();
    for (const name of READERS)
      for (const [partition, offset] of Object.entries(readings[name].positions[topic] ?? {}))
        partitions.set(partition, Math.max(partitions.get(partition) ?? 0, offset));
    for (const [partition, offset] of partitions)
      if (offset > 0) wanted.push(`${topic}:${partition}:${offset}`);
  }
  return wanted.join(',');
}

function figure(
  field: string,
  readings: Readings,
  of: (totals: ReaderTotals) => string | null,
): Difference {
  const { metering, quota, invoicing } = readings;
  return { field, metering: of(metering), quota: of(quota), invoicing: of(invoicing) };
}

// Metering prices nothing: its spend is null and is not compared.
function differs(
  { metering, quota, invoicing }: Omit<Difference, 'field'>,
  isMoney: boolean,
): boolean {
  return quota !== invoicing || (!isMoney && metering !== invoicing);
}

// A topic that one of them does not read is not compared for it.
function positionFigures(readings: Readings): Difference[] {
  const names = new Set<string>();
  for (const reader of READERS)
    for (const [topic, partitions] of Object.entries(readings[reader].positions))
      if (READERS.every((other) => topic in readings[other].positions))
        for (const partition of Object.keys(partitions)) names.add(`${topic} ${partition}`);
  return [...names]
    .map((name) => {
      const [topic = '', partition = ''] = name.split(' ');
      return figure(`positions.${topic}.${partition}`, readings, ({ positions }) =>
        (positions[topic]?.[partition] ?? 0).toString(),
      );
    })
    .filter((one) => differs(one, false));
}
