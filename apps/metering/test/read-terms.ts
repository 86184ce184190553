// Accounts and catalogs for specs of the reading doors, written as the projections would write them.
import type { DataSource } from 'typeorm';
import { AccountStore } from '#libs/accounts/account.store.js';
import { CatalogStore } from '#libs/catalog/catalog.store.js';

const CATALOG = `version: VERSION
effective_from: FROM
currency: USD
models:
  m: { prices: { on_demand: { PRICES } } }
MORE
tiers:
  free: { monthly_fee: "0", usage: free }
`;

/** Registers organizations on the tier `free`. */
export async function register(source: DataSource, ...organizations: string[]): Promise<void> {
  const store = new AccountStore(source);
  for (const [index, organization] of organizations.entries())
    await source.transaction(async (tx) =>
      store.fold(
        tx,
        {
          type: 'OrganizationRegistered',
          version: 1,
          organization,
          recordedAt: 0,
          effectiveFrom: 0,
          profile: {
            name: organization,
            currency: 'USD',
            tier: 'free',
            profile: 'groq',
            taxIds: [],
            legalName: null,
            email: null,
            address: null,
            timezoneLabel: null,
          },
        },
        index + 1,
      ),
    );
}

/** Publishes a catalog that prices `m` on demand (input and output), and the models that `more` says. */
export async function publish(
  source: DataSource,
  number: number,
  from: string,
  { more = '', prices = 'input: "5", output: "10"' } = {},
): Promise<void> {
  const version = `2026-v${number}`;
  const document = CATALOG.replace('VERSION', version)
    .replace('FROM', from)
    .replace('MORE', more)
    .replace('PRICES', prices);
  await source.transaction(async (tx) =>
    new CatalogStore(source).add(
      tx,
      {
        catalogVersion: version,
        effectiveFrom: Date.parse(from),
        mediaType: 'application/yaml',
        document: Buffer.from(document),
        recordedAt: 0,
      },
      number,
    ),
  );
}
