// Reads back what was told of invoices, for specs.
import { type BillingEvent, decodeBillingEvent } from '#libs/events/billing-event.js';
import { BILLING_EVENTS } from '#libs/events/topics.js';
import type { Stand } from './stand.js';

/** What `billing.events` holds of an invoice, in its order. */
export async function told(stand: Stand, number: string): Promise<BillingEvent[]> {
  const marks = await stand.log.watermarks(BILLING_EVENTS);
  const reads = marks.map(async ({ partition, low }) =>
    stand.log.read(BILLING_EVENTS, partition, low),
  );
  return (await Promise.all(reads))
    .flat()
    .map(({ value }) => decodeBillingEvent(value))
    .filter(({ data }) => data['number'] === number || data['invoice'] === number);
}
