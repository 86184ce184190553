// Parked drafts: the same figures are one row, and what was released once is not parked again until its figures change.
import { createHash, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { announce } from '#libs/outbox/announcement.store.js';
import type { Period } from '#libs/time/month.js';
import { announcementOf, invoiceParked, invoiceReleased } from '../domain/billing-events.js';
import type { Invoice } from '../domain/invoice.js';
import { DRAFT, invoiceDocument } from '../domain/invoice-document.js';

export interface ParkedRow {
  readonly id: string;
  readonly organization: string;
  readonly reason: string;
  readonly detail: string;
  readonly document: string;
  readonly parked_at: string;
  readonly is_superseded: boolean;
  readonly released_at: string | null;
  readonly released_by: string | null;
  readonly release_reason: string | null;
}

/** Which parked drafts are wanted; `organization` null is everyone's. */
export interface ParkedFilter {
  readonly organization?: string | null;
  readonly period?: Period;
  readonly newestFirst?: boolean;
  /** Only those that come after this one in the order of the list. */
  readonly after?: ParkedPlace;
}

export interface ParkedPlace {
  readonly parkedAt: number;
  readonly id: string;
}

const COLUMNS = `id, organization, reason, detail, document::text AS document, parked_at,
  is_superseded, released_at, released_by, release_reason`;

export class ParkedStore {
  constructor(private readonly source: DataSource) {}

  /** Parks the draft at `at` (epoch ms); true when a person has released these very figures. */
  async park(draft: Invoice, why: { reason: string; detail: string }, at: number) {
    const document = { ...invoiceDocument(draft, DRAFT), state: 'parked' };
    const figures = JSON.stringify({ ...document, cut: null });
    const fingerprint = createHash('sha256').update(figures).digest('hex');
    const key = [draft.account.id, draft.period.from, why.reason, fingerprint];
    const id = `prk_${randomUUID().replaceAll('-', '')}`;
    return this.source.transaction(async (tx) => {
      await tx.query(
        `INSERT INTO parked_invoice
           (organization, period_from, reason, fingerprint, id, detail, document, parked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (organization, period_from, reason, fingerprint)
         DO UPDATE SET is_superseded = false`,
        [...key, id, why.detail, JSON.stringify(document), at],
      );
      await tx.query(
        `UPDATE parked_invoice SET is_superseded = true WHERE organization = $1
         AND period_from = $2 AND (reason, fingerprint) <> ($3, $4)`,
        key,
      );
      const [row] = await rows<{ id: string; released: boolean }>(
        tx,
        `SELECT id, released_at IS NOT NULL AS released FROM parked_invoice
         WHERE (organization, period_from, reason, fingerprint) = ($1, $2, $3, $4)`,
        key,
      );
      if (row?.id === id)
        await announce(tx, [announcementOf(invoiceParked(draft, { ...why, id, at }))]);
      return row?.released === true;
    });
  }

  /** Minor units of the organization's last invoice of an earlier month in that currency; undefined when there is none. */
  async previousTotal({ account, period, currency }: Invoice): Promise<bigint | undefined> {
    const [row] = await rows<{ total_minor: string }>(
      this.source,
      `SELECT total_minor FROM invoice WHERE organization = $1 AND period_from < $2
         AND currency = $3 AND state <> 'void' ORDER BY period_from DESC LIMIT 1`,
      [account.id, period.from, currency],
    );
    return row && BigInt(row.total_minor);
  }

  /** What waits for a person, the oldest first unless the filter says otherwise; at most `limit`. */
  async waiting(filter: ParkedFilter, limit: number): Promise<ParkedRow[]> {
    const { organization = null, period, after } = filter;
    const [beyond, order] = filter.newestFirst ? ['<', 'DESC'] : ['>', 'ASC'];
    return rows(
      this.source,
      `SELECT ${COLUMNS} FROM parked_invoice p
       WHERE ($1::text IS NULL OR organization = $1) AND released_at IS NULL AND NOT is_superseded
         AND ($2::bigint IS NULL OR period_from = $2)
         AND ($3::bigint IS NULL OR (parked_at, id COLLATE "C") ${beyond} ($3, $4 COLLATE "C"))
         AND NOT EXISTS (SELECT FROM invoice i WHERE i.organization = p.organization
           AND i.period_from = p.period_from AND i.state <> 'void')
       ORDER BY parked_at ${order}, id COLLATE "C" ${order} LIMIT $5`,
      [organization, period?.from ?? null, after?.parkedAt ?? null, after?.id ?? null, limit],
    );
  }

  async find(id: string): Promise<ParkedRow | undefined> {
    const found = await rows<ParkedRow>(
      this.source,
      `SELECT ${COLUMNS} FROM parked_invoice WHERE id = $1`,
      [id],
    );
    return found[0];
  }

  /** False when it was released before, or its figures are no longer the month's. Tells it. */
  async release(id: string, by: { caller: string; reason: string; at: number }): Promise<boolean> {
    return this.source.transaction(async (tx) => {
      const [released] = await rows<{ document: string }>(
        tx,
        `WITH released AS (
           UPDATE parked_invoice SET released_at = $2, released_by = $3, release_reason = $4
           WHERE id = $1 AND released_at IS NULL AND NOT is_superseded RETURNING document)
         SELECT document::text AS document FROM released`,
        [id, by.at, by.caller, by.reason],
      );
      if (!released) return false;
      const told = invoiceReleased({ id, document: released.document }, by);
      await announce(tx, [announcementOf(told)]);
      return true;
    });
  }

  /** The parked draft of each of the organizations that has one for the month, by organization. */
  async idsOf(period: Period, organizations: readonly string[]): Promise<Map<string, string>> {
    if (organizations.length === 0) return new Map();
    const found = await rows<{ organization: string; id: string }>(
      this.source,
      `SELECT organization, id FROM parked_invoice
       WHERE period_from = $1 AND organization = ANY($2) AND NOT is_superseded`,
      [period.from, organizations],
    );
    return new Map(found.map(({ organization, id }) => [organization, id]));
  }
}
