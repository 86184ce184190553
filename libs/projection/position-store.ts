// How far a service's answers reach: `as_of` on every answer, and waiting for `at_least` (http-contract.md, everywhere).
// Ask `asOf` before reading the data: the data then holds at least what it says.
import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { rows } from '../database/database.js';
import { USAGE_RECORDED } from '../events/topics.js';
import { invalidField, Problem } from '../http/problem.js';
import { formatInstant, type Clock } from '../time/instant.js';
import { parseAtLeast, type WantedPosition } from './at-least.js';
import { Coalesced } from './coalesced.js';

/** A topic that the answers of a service depend on, and who reads it. */
export interface Stream {
  readonly projection: string;
  readonly topic: string;
  /** A reader of `usage.metered`: its raw positions are shown, and asked for, as `usage.recorded`. */
  readonly chain?: boolean;
}

/** Ready for JSON. */
export interface AsOf {
  /** Topic → partition → the next offset. */
  readonly positions: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Everything that was in these topics by then is in the answer. For a chain reader: in `usage.metered` by then. */
  readonly caught_up_at: string;
  readonly lag_ms: number;
}

interface Found {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly caughtUpAt: number;
}

const LOOK_EVERY_MS = 20;

/** Positions of the given streams, read from the database: other instances' partitions included. */
export class PositionStore {
  private readonly look = new Coalesced(async () => this.find());

  constructor(
    private readonly source: DataSource,
    private readonly streams: readonly Stream[],
    private readonly clock: Clock,
  ) {}

  /** As things stand now. With two readers of a topic the slower one counts. */
  async asOf(): Promise<AsOf> {
    const found = await this.look.ask();
    const positions = this.positionsOf(found);
    const caughtUpAt = found.reduce((least, row) => Math.min(least, row.caughtUpAt), Infinity);
    const known = Number.isFinite(caughtUpAt) ? caughtUpAt : 0;
    return {
      positions,
      caught_up_at: formatInstant(known),
      lag_ms: Math.max(0, this.clock() - known),
    };
  }

  /** The positions that a transaction's snapshot has: what is read in the same snapshot holds exactly that much of the log. */
  async positionsIn(tx: EntityManager): Promise<AsOf['positions']> {
    return this.positionsOf(await this.find(tx));
  }

  /**
   * Resolves when every position of `atLeast` was reached. Problem 503 `not_yet` after `waitMs`; Problem 400 when it is malformed or
   * names a topic that is not read here.
   */
  async waitFor(atLeast: string | undefined, waitMs: number): Promise<void> {
    if (atLeast === undefined) return;
    const wanted = this.parse(atLeast);
    if (wanted.length === 0) return;
    const until = performance.now() + waitMs;
    for (;;) {
      const missing = await this.missing(wanted);
      if (missing === undefined) return;
      if (performance.now() >= until)
        throw new Problem(
          503,
          'not_yet',
          `${missing.topic}:${missing.partition} has not been read up to ${missing.offset} yet.`,
          { headers: { 'retry-after': '1' } },
        );
      await wait(LOOK_EVERY_MS);
    }
  }

  private positionsOf(found: readonly Found[]): AsOf['positions'] {
    const positions: Record<string, Record<string, number>> = {};
    for (const stream of this.streams) positions[shownTopic(stream)] = {};
    for (const { topic, partition, nextOffset } of found) {
      const partitions = (positions[topic] ??= {});
      partitions[partition] = Math.min(partitions[partition] ?? nextOffset, nextOffset);
    }
    return positions;
  }

  private parse(text: string): readonly WantedPosition[] {
    const wanted = parseAtLeast(text);
    if (typeof wanted === 'string') throw invalidField('?at_least', wanted);
    const known = new Set(this.streams.map(shownTopic));
    const unknown = wanted.find(({ topic }) => !known.has(topic));
    if (unknown !== undefined)
      throw invalidField(
        '?at_least',
        `names ${unknown.topic}, but this answer depends on ${[...known].join(', ')}`,
      );
    return wanted;
  }

  private async missing(wanted: readonly WantedPosition[]): Promise<WantedPosition | undefined> {
    const found = await this.look.ask();
    return wanted.find((want) => {
      const rowsOf = found.filter(
        ({ topic, partition }) => topic === want.topic && partition === want.partition,
      );
      const reached = rowsOf.length > 0 && rowsOf.every((row) => row.nextOffset >= want.offset);
      return !reached && want.offset > 0;
    });
  }

  private async find(tx: EntityManager | DataSource = this.source): Promise<readonly Found[]> {
    const found = await rows<Record<string, string>>(
      tx,
      `SELECT projection, topic, partition, caught_up_at, o.next_offset,
         coalesce(c.next_offset, 0) AS chain_offset
       FROM stream_offset o LEFT JOIN chain_position c USING (projection, partition)
       WHERE (projection, topic) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [this.streams.map((one) => one.projection), this.streams.map((one) => one.topic)],
    );
    return found.map((row) => {
      const stream = this.streams.find(
        (one) => one.projection === row['projection'] && one.topic === row['topic'],
      );
      return {
        topic: stream ? shownTopic(stream) : String(row['topic']),
        partition: Number(row['partition']),
        nextOffset: Number(stream?.chain ? row['chain_offset'] : row['next_offset']),
        caughtUpAt: Number(row['caught_up_at']),
      };
    });
  }
}

function shownTopic(stream: Stream): string {
  return stream.chain ? USAGE_RECORDED : stream.topic;
}
