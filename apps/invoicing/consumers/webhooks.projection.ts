// Turns what happened to invoices and limits into deliveries for the endpoints that listen.
import { BILLING_EVENTS, QUOTA_EVENTS } from '#libs/events/topics.js';
import type { Projection } from '#libs/projection/projection.js';
import type { Clock } from '#libs/time/instant.js';
import { announcedEvent } from '../domain/webhook-types.js';
import type { WebhookDeliveryStore } from '../store/webhook-delivery.store.js';

/** The projection `invoicing.webhooks`. A record that is no event is counted as quarantined and holds nobody up. */
export function webhooksProjection(
  deliveries: WebhookDeliveryStore,
  clock: Clock,
): Projection<undefined> {
  return {
    name: 'invoicing.webhooks',
    topics: [BILLING_EVENTS, QUOTA_EVENTS],
    maxRecords: 500,
    async fold(tx, { records }) {
      const events = records.map(({ value }) => announcedEvent(value));
      const known = events.filter((event) => event !== undefined);
      await deliveries.add(tx, known, clock());
      const quarantined = events.length - known.length;
      const counts = { applied: known.length, duplicates: 0, digestA: 0n, digestB: 0n };
      return { counts: { ...counts, quarantined }, folded: undefined };
    },
  };
}
