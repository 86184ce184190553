// The tables of invoicing's database, in the order in which they are made.
import { CreateAccountTables1760000000003 } from '#libs/accounts/account-tables.js';
import { CreateCatalogTables1760000000004 } from '#libs/catalog/catalog-tables.js';
import { CreateIdempotency1760000000002 } from '#libs/http/idempotency.js';
import { CreateAnnouncements1760000001000 } from '#libs/outbox/announcement-tables.js';
import { CreateProjectionTables1760000000001 } from '#libs/projection/projection-tables.js';
import {
  AddUsageContext1760000001200,
  CreateUsageHours1760000000005,
} from '#libs/usage/usage-tables.js';
import { CreateBillingRuns1760000000051 } from './billing-run-tables.js';
import { AddDocumentChain1769000000111 } from './document-chain-tables.js';
import { CreateCreditBurns1769000000120 } from './credit-burn-tables.js';
import { AddLineParts1760000001201 } from './line-parts-table.js';
import {
  CreateInvoiceLife1760000001800,
  IndexCreditNotesByIssue1769000000131,
} from './invoice-life-tables.js';
import { CreateInvoices1760000000050 } from './invoice-tables.js';
import { CreateParkedInvoices1760000002000 } from './parked-tables.js';
import { AddRunPages1769000000110 } from './paged-run-tables.js';
import {
  AddPriceListNotes1769000000130,
  CreatePriceLists1760000001401,
} from './price-list-tables.js';
import { CreateSimulations1760000001400 } from './simulation-tables.js';
import { CreateWebhooks1760000001700 } from './webhook-tables.js';

export const MIGRATIONS = [
  CreateProjectionTables1760000000001,
  CreateIdempotency1760000000002,
  CreateAccountTables1760000000003,
  CreateCatalogTables1760000000004,
  CreateUsageHours1760000000005,
  CreateInvoices1760000000050,
  CreateBillingRuns1760000000051,
  CreateAnnouncements1760000001000,
  AddUsageContext1760000001200,
  AddLineParts1760000001201,
  CreateSimulations1760000001400,
  CreatePriceLists1760000001401,
  CreateWebhooks1760000001700,
  CreateInvoiceLife1760000001800,
  CreateParkedInvoices1760000002000,
  AddRunPages1769000000110,
  AddDocumentChain1769000000111,
  AddPriceListNotes1769000000130,
  IndexCreditNotesByIssue1769000000131,
  CreateCreditBurns1769000000120,
];
