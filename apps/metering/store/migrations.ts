// The tables of metering's database, in the order in which they are made.
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { CreateCatalogTables1760000000004 } from '#libs/catalog/catalog-tables.js';
import { CreateProjectionTables1760000000001 } from '#libs/projection/projection-tables.js';
import {
  AddEndUser1760000000021,
  AddHourDigests1760000001102,
  CreateMeteringTables1760000000020,
  LeaveRoomInUsageHours1760000001600,
} from './metering-tables.js';

export const MIGRATIONS = [
  CreateProjectionTables1760000000001,
  CreateAccountTables1760000000003,
  CreateCatalogTables1760000000004,
  CreateMeteringTables1760000000020,
  AddEndUser1760000000021,
  AddHourDigests1760000001102,
  LeaveRoomInUsageHours1760000001600,
];
