// Every table of ingest's database, in the order they are made. Each part of ingest adds its own class here.
import type { MigrationInterface } from 'typeorm';
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { CreateCatalogTables1760000000004 } from '#libs/catalog/catalog-tables.js';
import { CreateIdempotency1760000000002 } from '#libs/http/idempotency.js';
import { CreateControlTotals1760000000010 } from './control-totals-table.js';
import { CreateOutbox1760000000020 } from './outbox-table.js';

export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateIdempotency1760000000002,
  CreateAccountTables1760000000003,
  CreateCatalogTables1760000000004,
  CreateControlTotals1760000000010,
  CreateOutbox1760000000020,
];
