// Identities that metering already holds when a bench begins: one row each, spread over the last days as time-ordered ids are.
import { Client } from 'pg';
import { DAY_MS } from '../libs/time/instant.js';
import type { Say } from './measure.js';
import type { Stand } from './stand.js';

const AT_ONCE = 1_000_000;
const DAYS = 10;

/** Fills the identity table through Postgres alone, a day a partition; 10 M keys take about a minute. */
export async function fillIdentities(stand: Stand, count: number, say: Say): Promise<void> {
  const client = new Client({ connectionString: await stand.database('meterbook_metering') });
  await client.connect();
  try {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    for (let back = DAYS - 1; back >= 0; back -= 1) await makeDay(client, today - back * DAY_MS);
    for (let filled = 0; filled < count;) {
      const rows = Math.min(AT_ONCE, count - filled);
      // 48 bits of time, then what is as random as a hash: two thirds of an MD5.
      await client.query(
        `INSERT INTO identity SELECT (lpad(to_hex($1::bigint + (n * $2::bigint / $3) ), 12, '0') ||
           left(md5(n::text), 20))::uuid, n % 12, n, n
         FROM generate_series($4::bigint, $5::bigint - 1) AS n`,
        [today - (DAYS - 1) * DAY_MS, (DAYS - 1) * DAY_MS, count, filled, filled + rows],
      );
      filled += rows;
      say(`${filled} of ${count} identities are there`);
    }
    await client.query('ANALYZE identity');
  } finally {
    await client.end();
  }
}

async function makeDay(client: Client, day: number): Promise<void> {
  const name = `identity_d${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF identity
     FOR VALUES FROM ('${bound(day)}') TO ('${bound(day + DAY_MS)}')`,
  );
}

// The smallest key of an instant.
function bound(at: number): string {
  const digits = at.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-0000-0000-000000000000`;
}
