// The identity table: key → where the event was first seen, and with which content. One partition of the table per day of ids.
import type { DataSource, EntityManager } from 'typeorm';
import { copyBehind, CopyRows } from '#libs/database/copy.js';
import { rows } from '#libs/database/database.js';
import { DAY_MS } from '#libs/time/instant.js';
import type { Holder } from '../domain/identity.js';
import type { KeyedEvent } from '../domain/interpret.js';
import { plainArray } from './array-literal.js';

interface HolderRow {
  key: string;
  partition: number;
  offset: string;
  fingerprint: string;
}

const COLUMNS = ['key', 'partition', '"offset"', 'fingerprint'] as const;
/** 2 for the row, and 4 before each of uuid, int4, int8, int8. */
const ROW_BYTES = 54;
const OFFER = `INSERT INTO identity (${COLUMNS.join(', ')})
  SELECT key, $2, "offset", fingerprint FROM unnest($1::uuid[], $3::bigint[], $4::bigint[]) AS t (key, "offset", fingerprint)
  ON CONFLICT DO NOTHING`;

/** Slices of a partition that go the slow way after one that held a repeat: repeats come together. */
const CAREFUL_SLICES = 16;
const UNIQUE_VIOLATION = '23505';

export class IdentityStore {
  private readonly knownDays = new Set<number>();
  private readonly careful = new Map<number, number>();

  constructor(private readonly source: DataSource) {}

  /**
   * Offers the keys of a slice and gives who holds each, this slice or an earlier position. Keys go in sorted, so that two
   * slices with the same keys wait for each other instead of deadlocking. Nearly always all are new: then COPY takes them at 60 % of
   * the cost of an INSERT that looks for conflicts, which follows where one was there.
   */
  async claim(
    tx: EntityManager,
    entries: Iterable<KeyedEvent>,
    partition: number,
  ): Promise<Map<string, Holder>> {
    const sorted = [...entries].toSorted((left, right) => (left.key < right.key ? -1 : 1));
    if (sorted.length === 0) return new Map();
    const slices = this.careful.get(partition) ?? 0;
    if (slices > 0) this.careful.set(partition, slices - 1);
    else if (await this.copied(tx, sorted, partition))
      return new Map(
        sorted.map(({ key, offset, fingerprint }) => [key, { partition, offset, fingerprint }]),
      );
    const keys = sorted.map(({ key }) => key);
    await tx.query(OFFER, [
      plainArray(keys),
      partition,
      plainArray(sorted.map(({ offset }) => offset)),
      plainArray(sorted.map(({ fingerprint }) => fingerprint)),
    ]);
    return this.holders(tx, keys);
  }

  // False when a key was there already: then nothing was copied.
  private async copied(
    tx: EntityManager,
    sorted: readonly KeyedEvent[],
    partition: number,
  ): Promise<boolean> {
    const offered = new CopyRows(sorted.length, ROW_BYTES, COLUMNS.length);
    for (const { key, offset, fingerprint } of sorted)
      offered.row().uuid(key).int4(partition).int8(offset).bigint(fingerprint);
    try {
      await copyBehind(tx, 'offered', { table: 'identity', columns: COLUMNS }, offered.end());
      return true;
    } catch (error) {
      if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error;
      await tx.query('ROLLBACK TO SAVEPOINT offered');
      this.careful.set(partition, CAREFUL_SLICES);
      return false;
    }
  }

  /** Who holds each key; a key that nobody holds is absent. */
  async holders(
    tx: EntityManager | DataSource,
    keys: readonly string[],
  ): Promise<Map<string, Holder>> {
    const sql =
      'SELECT key, partition, "offset", fingerprint FROM identity WHERE key = ANY($1::uuid[])';
    return toHolders(await rows<HolderRow>(tx, sql, [keys]));
  }

  /** The same, with the rows locked: corrections of one original wait for each other, in any partition. */
  async lockHolders(tx: EntityManager, keys: readonly string[]): Promise<Map<string, Holder>> {
    const sql = `SELECT key, partition, "offset", fingerprint FROM identity WHERE key = ANY($1::uuid[]) ORDER BY key FOR UPDATE`;
    return toHolders(await rows<HolderRow>(tx, sql, [keys]));
  }

  /** Takes back a key: a correction that was parked may be sent again when its original has come. */
  async release(tx: EntityManager, keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await tx.query('DELETE FROM identity WHERE key = ANY($1::uuid[])', [keys]);
  }

  /** Makes the table's partitions for these days (epoch ms of their starts) where they are missing. */
  async ensureDays(days: Iterable<number>): Promise<void> {
    for (const day of days) {
      if (this.knownDays.has(day)) continue;
      await this.source.transaction(async (tx) => createDay(tx, day));
      this.knownDays.add(day);
    }
  }

  /** The days that have a partition, epoch ms, in order. */
  async days(): Promise<number[]> {
    const found = await rows<{ name: string }>(
      this.source,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'identity'::regclass ORDER BY 1`,
    );
    return found.flatMap(({ name }) => (name.startsWith(DAY_PREFIX) ? [dayOfName(name)] : []));
  }

  /** Drops the keys of a day whole; nothing that carries such an id is accepted any more. */
  async dropDay(day: number): Promise<void> {
    this.knownDays.delete(day);
    await this.source.query(`ALTER TABLE identity DETACH PARTITION ${nameOfDay(day)} CONCURRENTLY`);
    await this.source.query(`DROP TABLE ${nameOfDay(day)}`);
  }
}

const DAY_PREFIX = 'identity_d';

function nameOfDay(day: number): string {
  return `${DAY_PREFIX}${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

function dayOfName(name: string): number {
  const [year, month, day] = [name.slice(10, 14), name.slice(14, 16), name.slice(16, 18)].map(
    Number,
  );
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day);
}

// Attached, not created as a partition: attaching does not lock out the slices that insert meanwhile.
async function createDay(tx: EntityManager, day: number): Promise<void> {
  const name = nameOfDay(day);
  await tx.query('SELECT pg_advisory_xact_lock(hashtext($1))', [name]);
  const [found] = await rows<{ oid: string | null }>(tx, 'SELECT to_regclass($1)::text AS oid', [
    name,
  ]);
  if (found?.oid) return;
  await tx.query(`CREATE TABLE ${name} (LIKE identity INCLUDING ALL)`);
  await tx.query(
    `ALTER TABLE identity ATTACH PARTITION ${name} FOR VALUES FROM ('${bound(day)}') TO ('${bound(day + DAY_MS)}')`,
  );
}

// The smallest key of a day: 48 bits of its first millisecond, then zeros.
function bound(day: number): string {
  const digits = day.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}

function toHolders(found: readonly HolderRow[]): Map<string, Holder> {
  return new Map(
    found.map(({ key, partition, offset, fingerprint }) => [
      key.replaceAll('-', ''),
      { partition, offset: Number(offset), fingerprint: BigInt(fingerprint) },
    ]),
  );
}
