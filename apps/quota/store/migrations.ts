// The tables of quota's database, in the order in which they are made.
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { CreateCatalogTables1760000000004 } from '#libs/catalog/catalog-tables.js';
import { CreateIdempotency1760000000002 } from '#libs/http/idempotency.js';
import { CreateAnnouncements1760000001000 } from '#libs/outbox/announcement-tables.js';
import { CreateProjectionTables1760000000001 } from '#libs/projection/projection-tables.js';
import {
  AddUsageContext1760000001200,
  CreateUsageHours1760000000005,
} from '#libs/usage/usage-tables.js';
import { CreateBuckets1760000000040 } from './bucket-tables.js';
import { CreateRecentUse1760000001002 } from './recent-use-table.js';
import { CreateReservations1760000001001 } from './reservation-tables.js';
import { CreateSigningKeys1760000001101 } from './signing-key-table.js';
import { CreateUsageInbox1769000000100 } from './usage-inbox-table.js';

export const MIGRATIONS = [
  CreateProjectionTables1760000000001,
  CreateAccountTables1760000000003,
  CreateCatalogTables1760000000004,
  CreateUsageHours1760000000005,
  CreateBuckets1760000000040,
  CreateSigningKeys1760000001101,
  CreateIdempotency1760000000002,
  CreateAnnouncements1760000001000,
  CreateReservations1760000001001,
  CreateRecentUse1760000001002,
  AddUsageContext1760000001200,
  CreateUsageInbox1769000000100,
];
