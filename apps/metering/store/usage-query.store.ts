// The questions asked of usage hours. Sums are exact at any size: numeric text → BigInt.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { QUANTITIES, type Quantity } from '#libs/events/quantities.js';
import type { Dimension, UsageQuestion, UsageSums, Window } from '../domain/usage-query.js';

type Row = Record<string, string> & { bucket: Date };

/** What is summed of an hour: requests, then the quantities. */
export const COUNTED = ['requests', ...QUANTITIES] as const;

/** The sums as columns of the same names. */
export const SUMS = COUNTED.map((name) => `sum(${name}) AS ${name}`).join(', ');

/** Usage that was voided sums to nothing and is no row. */
export const IS_SOME = COUNTED.map((name) => `sum(${name}) <> 0`).join(' OR ');

export class UsageQueryStore {
  constructor(private readonly source: DataSource) {}

  /**
   * Rows in the order of bucket, then groups by their bytes; without usage there is no row. A page begins after the last row of
   * the one before by value, so that rows which come in between shift nothing.
   */
  async find(question: UsageQuestion): Promise<UsageSums[]> {
    const { organization, from, to, groupBy } = question;
    const values: unknown[] = [organization, new Date(from), new Date(to)];
    const value = (one: unknown): string => `$${values.push(one)}`;
    const only = Object.entries(question.only).map(
      ([name, some]) => `AND ${name} = ANY(${value(some)}::text[])`,
    );
    const keys = ['bucket', ...groupBy.map((name) => `${name} COLLATE "C"`)].join(', ');
    const after = (question.after ?? []).map((part) =>
      typeof part === 'number' ? `${value(new Date(part))}::timestamptz` : `${value(part)}::text`,
    );
    const found = await rows<Row>(
      this.source,
      `SELECT * FROM (
         SELECT ${[bucketOf(question.window), ...groupBy, SUMS].join(', ')} FROM usage_hour
         WHERE organization = $1 AND hour >= $2 AND hour < $3 ${only.join(' ')}
         GROUP BY ${['bucket', ...groupBy].join(', ')} HAVING ${IS_SOME}) AS found
       ${after.length > 0 ? `WHERE (${keys}) > (${after.join(', ')})` : ''}
       ORDER BY ${keys} LIMIT ${value(question.limit)}`,
      values,
    );
    return found.map((row) => toSums(row, groupBy));
  }
}

/** Requests and quantities out of a row of `SUMS`. */
export function countsOf(
  row: Readonly<Record<string, unknown>>,
): Pick<UsageSums, 'requests' | 'quantities'> {
  const count = (name: string): bigint => BigInt((row[name] as string | undefined) ?? 0);
  const sums = QUANTITIES.map((quantity) => [quantity, count(quantity)] as const);
  return {
    requests: count('requests'),
    quantities: Object.fromEntries(sums) as Record<Quantity, bigint>,
  };
}

function bucketOf(window: Window | undefined): string {
  const start = window === undefined ? '$2::timestamptz' : `date_trunc('${window}', hour, 'UTC')`;
  return `${start} AS bucket`;
}

function toSums(row: Row, groupBy: readonly Dimension[]): UsageSums {
  const bucket = row.bucket.getTime();
  const named = groupBy.map((name) => [name, row[name] ?? ''] as const);
  return {
    bucket,
    groups: Object.fromEntries(named),
    ...countsOf(row),
    position: [bucket, ...named.map(([, text]) => text)],
  };
}
