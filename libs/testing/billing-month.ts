// A month of usage of many organizations in invoicing's database, as its projections would have folded it: for specs and benches that
// are about thousands and more.
import type { DataSource } from 'typeorm';

const MODEL = 'llama-3.3-70b-versatile';

const CATALOG = `version: bench-a
effective_from: 2026-01-01T00:00:00Z
currency: USD
models:
  ${MODEL}:
    title: Llama 3.3 70B
    prices: { on_demand: { input: "0.59", cached_input: "0.295", output: "0.79" } }
tiers:
  developer: { monthly_fee: "0", usage: metered, features: [] }
`;

const PROFILE = {
  name: 'Bench',
  currency: 'USD',
  tier: 'developer',
  profile: 'groq',
  legalName: 'Bench GmbH',
  email: 'billing@example.com',
  address: { line1: '1 Street', city: 'Berlin', postal_code: '10115', country: 'DE' },
  taxIds: [],
  timezoneLabel: null,
};

const ACCOUNTS = `
  INSERT INTO account (id, state, fact_id)
  SELECT id, jsonb_build_object('id', id, 'profile', $3::jsonb || jsonb_build_object('name', id),
    'registeredAt', $2::bigint, 'effectiveFrom', $2::bigint,
    'tiers', jsonb_build_array(jsonb_build_object('tier', 'developer', 'from', $2::bigint)),
    'spendLimits', '[]'::jsonb, 'overrides', '[]'::jsonb, 'credits', '[]'::jsonb,
    'keys', '[]'::jsonb), n
  FROM generate_series(1, $1) AS n, format('org_%s', lpad(n::text, 8, '0')) AS id`;

// Digests are any 64 bits; units differ, so that no two documents are the same.
const USAGE = `
  INSERT INTO usage_hour (organization, hour, model, service_tier, adapter, project, context,
    quantity, units, events, digest_a, digest_b)
  SELECT format('org_%s', lpad(n::text, 8, '0')), $2::bigint + 3600000 * (n % 600)::bigint, $3,
    'on_demand', '', 'default', 0, quantity, 1000000 + n * factor, 1000 + n % 977,
    (n * 6364136223846793005::numeric) % 18446744073709551616,
    (n * 1442695040888963407::numeric) % 18446744073709551616
  FROM generate_series(1, $1) AS n,
    (VALUES ('input', 7), ('cached_input', 3), ('output', 2)) AS one (quantity, factor)`;

/** Accounts org_00000001 and on, a catalog, and for each organization an hour of input, cached input and output: three lines. */
export async function fillBillingMonth(
  source: DataSource,
  organizations: number,
  from: number,
): Promise<void> {
  const since = Date.UTC(2026, 0, 1);
  await source.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query(
      `INSERT INTO catalog_version
         (version, effective_from, media_type, recorded_at, etag, document, fact_id)
       VALUES ('bench-a', $1, 'application/yaml', $1, 'none', $2, 1)`,
      [since, Buffer.from(CATALOG)],
    );
    await tx.query(ACCOUNTS, [organizations, since, JSON.stringify(PROFILE)]);
    await tx.query(USAGE, [organizations, from, MODEL]);
  });
  await source.query('VACUUM ANALYZE account');
}
