// What the three readers have counted, as `org_a input` → units, read from their tables.
import { Client } from 'pg';
import { pause } from '#libs/stack/children.js';

async function query<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Metering keeps a column for each quantity. */
export async function meteringSums(url: string): Promise<Map<string, bigint>> {
  const columns = ['requests', 'input', 'cached_input', 'output'];
  const sums = columns.map((name) => `sum(${name})::text AS ${name}`).join(', ');
  const sql = `SELECT organization, ${sums} FROM usage_hour GROUP BY organization`;
  const read = new Map<string, bigint>();
  for (const row of await query<Record<string, string>>(url, sql))
    for (const name of columns)
      if (row[name] !== '0') read.set(`${row['organization']} ${name}`, BigInt(row[name] ?? 0));
  return read;
}

/** Quota and invoicing keep a row for each quantity. */
export async function readerSums(url: string): Promise<Map<string, bigint>> {
  const sql = `SELECT organization || ' ' || quantity AS name, sum(units)::text AS units
    FROM usage_hour GROUP BY 1`;
  const found = await query<{ name: string; units: string }>(url, sql);
  return new Map(found.map(({ name, units }) => [name, BigInt(units)]));
}

/** Waits until no more is counted than before and all of it: `applied` rests at the number of events. */
export async function untilCounted(url: string, events: number, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  let applied = -1;
  while (applied < events) {
    if (performance.now() > deadline) throw new Error(`${applied} of ${events} are counted`);
    await pause(250);
    const sql = `SELECT coalesce(sum(applied), 0)::int AS applied FROM stream_offset
      WHERE projection = 'metering.usage'`;
    applied = (await query<{ applied: number }>(url, sql))[0]?.applied ?? 0;
  }
}

/** Waits until a reader's sum of requests is the number of events. */
export async function untilRead(url: string, events: number, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  let requests = -1;
  while (requests < events) {
    if (performance.now() > deadline) throw new Error(`${requests} of ${events} are read`);
    await pause(250);
    const sql = `SELECT coalesce(sum(units), 0)::int AS requests FROM usage_hour
      WHERE quantity = 'requests'`;
    requests = (await query<{ requests: number }>(url, sql))[0]?.requests ?? 0;
  }
}
