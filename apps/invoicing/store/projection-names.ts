// The names under which invoicing's projections keep their positions, and the topics that its answers depend on.
import { ACCOUNTS, CATALOG, USAGE_METERED } from '#libs/events/topics.js';
import type { Stream } from '#libs/projection/position-store.js';

export const USAGE_PROJECTION = 'invoicing.usage';
export const ACCOUNTS_PROJECTION = 'invoicing.accounts';
export const CATALOG_PROJECTION = 'invoicing.catalog';

export const STREAMS: readonly Stream[] = [
  { projection: USAGE_PROJECTION, topic: USAGE_METERED, chain: true },
  { projection: ACCOUNTS_PROJECTION, topic: ACCOUNTS },
  { projection: CATALOG_PROJECTION, topic: CATALOG },
];
