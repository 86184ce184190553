// Credit notes by the month in which they were issued.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';

export interface IssuedNote {
  readonly id: bigint;
  /** The text as it was issued. */
  readonly document: string;
}

export class IssuedNotes {
  constructor(private readonly source: DataSource) {}

  /** The last issued first, of one organization or (null) of all; `before` is the id of a note. */
  async issuedIn(
    period: Period,
    filter: { readonly organization: string | null; readonly before: bigint | undefined },
    limit: number,
  ): Promise<IssuedNote[]> {
    const found = await rows<{ id: string; document: string }>(
      this.source,
      `SELECT id, document::text AS document FROM credit_note
       WHERE issued_at >= $1 AND issued_at < $2 AND ($3::text IS NULL OR organization = $3)
         AND ($4::bigint IS NULL OR id < $4)
       ORDER BY id DESC LIMIT $5`,
      [period.from, period.to, filter.organization, filter.before?.toString() ?? null, limit],
    );
    return found.map(({ id, document }) => ({ id: BigInt(id), document }));
  }
}
