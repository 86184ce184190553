// Whom a billing run is about: who registered before the month ended, and who used something in it, registered or not.
import type { EntityManager } from 'typeorm';
import { changed } from '#libs/database/database.js';
import type { Period } from '#libs/time/month.js';

// Nobody's page has them: they are looked at alone.
const UNREGISTERED = `
  INSERT INTO billing_run_organization (run, organization, state)
  SELECT DISTINCT $1, organization, 'pending' FROM usage_hour u
  WHERE hour >= $2 AND hour < $3
    AND NOT EXISTS (SELECT FROM account a WHERE a.id = u.organization)`;

const TOTAL = `
  UPDATE billing_run SET total = (
    SELECT count(*) FROM billing_run_organization WHERE run = $1) + (
    SELECT count(*) FROM account a WHERE (state->>'effectiveFrom')::bigint < $3 OR EXISTS (
      SELECT FROM usage_hour u WHERE u.organization = a.id AND u.hour >= $2 AND u.hour < $3))
  WHERE id = $1`;

/** A run that is to be planned; `requested` null is everyone. */
export interface Planned {
  readonly id: string;
  readonly period: Period;
  readonly requested: readonly string[] | null;
}

/** Counts them, once: a second time does nothing. Who is registered comes by pages; who is not is noted here. */
export async function planRun(
  tx: EntityManager,
  { id, period, requested }: Planned,
  at: number,
): Promise<void> {
  // 3 million rows of usage take 2 s.
  await tx.query(`SET LOCAL statement_timeout = '10min'`);
  const first = await changed(
    tx,
    'UPDATE billing_run SET planned_at = $2, total = $3 WHERE id = $1 AND planned_at IS NULL',
    [id, at, new Set(requested).size],
  );
  if (first === 0 || requested) return;
  await tx.query(UNREGISTERED, [id, period.from, period.to]);
  await tx.query(TOTAL, [id, period.from, period.to]);
}
