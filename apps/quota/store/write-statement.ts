// The text of the one statement that compares and writes; parts without rows are left out of it.

/** Columns of one table's rows; the first column is their organization. */
export interface Part {
  readonly name: 'counted' | 'whole' | 'projects' | 'filled' | 'held' | 'noted' | 'taken';
  readonly columns: readonly (readonly unknown[])[];
}

export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** `wanted`: organizations, and what they must be at: version, account's fact, newest catalog fact, life of the fold. */
export function statementOf(
  wanted: readonly (readonly unknown[])[],
  parts: readonly Part[],
): { statement: Statement; parameters: unknown[] } {
  const name = `quota_write_${parts.map((part) => part.name).join('_')}`;
  const known = STATEMENTS.get(name);
  const statement = known ?? { name, text: textOf(parts) };
  if (!known) STATEMENTS.set(name, statement);
  return { statement, parameters: [...wanted, ...parts.flatMap(({ columns }) => columns)] };
}

const STATEMENTS = new Map<string, Statement>();
const WANTED = 5;

function textOf(parts: readonly Part[]): string {
  let used = WANTED;
  const writes: string[] = [];
  let clash = '';
  for (const { name, columns } of parts) {
    const list = TYPES[name].map((type, index) => `$${used + index + 1}::${type}[]`).join(', ');
    writes.push(`${name} AS (${WRITES[name](`unnest(${list})`)})`);
    if (name === 'held') clash += clashes(used);
    if (name === 'taken') clash += gone(used);
    used += columns.length;
  }
  return [HEAD, ...writes.map((write) => `, ${write}`), FOOT]
    .join('\n')
    .replace('/* clash */', clash);
}

// A row that another one writes now is left to the next attempt: nobody else in the batch waits for it. The newest rows are
// compared, not those of the snapshot (EvalPlanQual): whoever had the lock before is seen.
const HEAD = `WITH wanted AS MATERIALIZED (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])
      AS w (organization, version, fact_id, catalogs, generation)),
  locked AS MATERIALIZED (
    SELECT organization, version FROM admission WHERE project = '' AND organization = ANY($1)
    ORDER BY organization FOR UPDATE SKIP LOCKED),
  failed AS MATERIALIZED (
    SELECT w.organization FROM wanted w LEFT JOIN locked l ON l.organization = w.organization
    WHERE l.version IS DISTINCT FROM w.version
      OR w.fact_id IS DISTINCT FROM (SELECT a.fact_id FROM account a WHERE a.id = w.organization)
      OR w.catalogs <> (SELECT coalesce(max(c.fact_id), 0) FROM catalog_version c)
      OR w.generation <> (SELECT f.generation FROM fold_generation f)/* clash */)`;

const FOOT = 'SELECT f.organization FROM failed f';

// A name that lives under another id: whoever asked gets that reservation, in the next attempt.
function clashes(used: number): string {
  const [organization, id, request, state] = [1, 2, 3, 4].map((column) => `$${used + column}`);
  return `
      OR w.organization IN (
        SELECT asked.organization
        FROM unnest(${organization}::text[], ${id}::text[], ${request}::text[], ${state}::text[])
          AS asked (organization, id, request_id, state)
        WHERE asked.state = 'held' AND (SELECT r.id FROM reservation r WHERE r.state = 'held'
          AND (r.organization || ' ' || r.request_id) = (asked.organization || ' ' || asked.request_id)
          AND r.id <> ALL(${id}::text[]) LIMIT 1) IS NOT NULL)`;
}

// Usage that is no longer there was taken in by another instance, possibly before the page was made.
function gone(used: number): string {
  return `
      OR w.organization IN (
        SELECT t.organization FROM unnest($${used + 1}::text[], $${used + 2}::bigint[])
          AS t (organization, id)
        WHERE (SELECT i.id FROM usage_inbox i WHERE i.id = t.id) IS NULL)`;
}

// prettier-ignore
const MONEY = ['text', 'text', 'bigint', 'numeric', 'text', 'numeric', 'numeric', 'numeric', 'bigint', 'text'];

const TYPES: Readonly<Record<Part['name'], readonly string[]>> = {
  counted: ['text', 'numeric', 'numeric', 'numeric', 'bigint'],
  whole: MONEY,
  projects: MONEY,
  filled: ['text', 'text', 'text', 'text', 'bigint', 'text'],
  held: [...Array<string>(6).fill('text'), 'bigint', 'bigint', 'bigint', 'text'],
  noted: ['text', 'text', 'bigint', 'text'],
  taken: ['text', 'bigint'],
};

const MONEY_NAMES =
  'organization, project, month, spent, mark, held, unconfirmed, credit, next_expiry, blocked';

// No join: the rows are written in their order, so that a name that one reservation gives up is free for the next.
const WRITABLE = 'u.organization NOT IN (SELECT f.organization FROM failed f)';

const WRITES: Readonly<Record<Part['name'], (rows: string) => string>> = {
  counted: (rows) => `UPDATE admission a SET version = a.version + 1, spent = u.spent,
      held = u.held, unconfirmed = u.unconfirmed, next_expiry = u.next_expiry
    FROM ${rows} AS u (organization, spent, held, unconfirmed, next_expiry)
    WHERE ${WRITABLE} AND a.organization = u.organization AND a.project = ''`,
  whole: (rows) => `UPDATE admission a SET version = a.version + 1, month = u.month,
      spent = u.spent, mark = u.mark, held = u.held, unconfirmed = u.unconfirmed,
      credit = u.credit, next_expiry = u.next_expiry, blocked = u.blocked
    FROM ${rows} AS u (${MONEY_NAMES})
    WHERE ${WRITABLE} AND a.organization = u.organization AND a.project = ''`,
  projects: (rows) => `INSERT INTO admission (${MONEY_NAMES})
    SELECT u.* FROM ${rows} AS u (${MONEY_NAMES})
    WHERE ${WRITABLE}
    ON CONFLICT (organization, project) DO UPDATE SET month = excluded.month,
      spent = excluded.spent, mark = excluded.mark, held = excluded.held,
      unconfirmed = excluded.unconfirmed, credit = excluded.credit, blocked = excluded.blocked`,
  filled: (rows) => `INSERT INTO admission_bucket
    SELECT u.* FROM ${rows} AS u (organization, project, model, buckets, excess_until, generation)
    WHERE ${WRITABLE}
    ON CONFLICT (organization, project, model) DO UPDATE SET buckets = excluded.buckets,
      excess_until = excluded.excess_until, generation = excluded.generation`,
  held: (rows) => `INSERT INTO reservation (organization, id, request_id, state, model, project,
      made_at, expires_at, ended_at, body)
    SELECT u.* FROM ${rows} AS u (organization, id, request_id, state, model, project, made_at,
      expires_at, ended_at, body)
    WHERE ${WRITABLE}
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at,
      ended_at = excluded.ended_at, body = excluded.body`,
  noted: (rows) => `INSERT INTO decision (organization, id, at, body)
    SELECT u.organization, u.id, u.at, u.body::jsonb
    FROM ${rows} AS u (organization, id, at, body)
    WHERE ${WRITABLE}`,
  taken: (rows) => `DELETE FROM usage_inbox i USING ${rows} AS u (organization, id)
    WHERE ${WRITABLE} AND i.id = u.id`,
};
