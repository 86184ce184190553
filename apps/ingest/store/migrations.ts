// Every table of ingest's database, in the order they are made. Each part of ingest adds its own class here.
import type { MigrationInterface } from 'typeorm';
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { CreateControlTotals1760000000010 } from './control-totals-table.js';

export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateAccountTables1760000000003,
  CreateControlTotals1760000000010,
];
