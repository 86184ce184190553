// "Read `accounts` and `catalog` to the end before usage" (design section 5): so that the order in which topics arrive never
// changes a result. Positions come from the database, since another instance may own those partitions.
import type { DataSource } from 'typeorm';
import { rows } from '../database/database.js';
import type { EventLog } from '../log/event-log.js';
import { Coalesced } from './coalesced.js';
import type { Gate } from './projection.js';

/** Answers whether every gate's topic has been read up to an end that was fetched after the question. */
export class Gates {
  private readonly check = new Coalesced(async () => this.allRead());

  constructor(
    private readonly source: DataSource,
    private readonly log: EventLog,
    private readonly gates: readonly Gate[],
  ) {}

  /** Rejects when the log or the database cannot say. Concurrent questions share one look. */
  async passed(): Promise<boolean> {
    return this.gates.length === 0 || this.check.ask();
  }

  private async allRead(): Promise<boolean> {
    const ends = await Promise.all(
      this.gates.map(async (gate) => ({ gate, marks: await this.log.watermarks(gate.topic) })),
    );
    const positions = await this.positions();
    return ends.every(({ gate, marks }) =>
      marks.every(
        ({ partition, high }) =>
          (positions.get(`${gate.projection} ${gate.topic} ${partition}`) ?? 0) >= high,
      ),
    );
  }

  private async positions(): Promise<ReadonlyMap<string, number>> {
    const found = await rows<{ key: string; next_offset: string }>(
      this.source,
      `SELECT concat_ws(' ', projection, topic, partition) AS key, next_offset
       FROM stream_offset WHERE (projection, topic) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
      [this.gates.map((gate) => gate.projection), this.gates.map((gate) => gate.topic)],
    );
    return new Map(found.map((row) => [row.key, Number(row.next_offset)]));
  }
}
