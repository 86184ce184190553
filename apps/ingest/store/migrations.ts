// Every table of ingest's database, in the order they are made. Each part of ingest adds its own class here.
import type { MigrationInterface } from 'typeorm';
import { CreateControlTotals1760000000010 } from './control-totals-table.js';

export const MIGRATIONS: readonly (new () => MigrationInterface)[] = [
  CreateControlTotals1760000000010,
];
