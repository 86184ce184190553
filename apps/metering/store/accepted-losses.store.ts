// What operators have let go on a partition of `usage.recorded` (libs/projection/halts.ts): what is derived again must not stumble
// over what they have already decided.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';

/** Offsets `from` to `to`, both inclusive, that an operator went on behind; `to` = from − 1 accepts a difference and skips none. */
export interface AcceptedLoss {
  readonly from: number;
  readonly to: number;
  /** Epoch ms of the acceptance. */
  readonly at: number;
}

const KEY = 'projection = $1 AND topic = $2 AND partition = $3';

/** Reads the audit of halts and the quarantined offsets of one projection and topic. */
export class AcceptedLosses {
  constructor(
    private readonly source: DataSource,
    private readonly projection: string,
    private readonly topic: string,
  ) {}

  /** Every acceptance, oldest first. */
  async of(partition: number): Promise<AcceptedLoss[]> {
    const found = await rows<{ argument: string; resolved_at: string }>(
      this.source,
      `SELECT argument, resolved_at FROM halt WHERE ${KEY} AND verb = 'accept-gap' ORDER BY id`,
      [this.projection, this.topic, partition],
    );
    return found.map(({ argument, resolved_at }) => {
      const [from, to] = argument.split('..').map(Number);
      return { from: from ?? 0, to: to ?? -1, at: Number(resolved_at) };
    });
  }

  /** The quarantined offsets of [from, to): these records are not folded, whatever they hold. */
  async quarantined(
    partition: number,
    range: { readonly from: number; readonly to: number },
  ): Promise<ReadonlySet<number>> {
    const found = await rows<{ record_offset: string }>(
      this.source,
      `SELECT record_offset FROM quarantine
       WHERE ${KEY} AND record_offset >= $4 AND record_offset < $5`,
      [this.projection, this.topic, partition, range.from, range.to],
    );
    return new Set(found.map(({ record_offset }) => Number(record_offset)));
  }
}
