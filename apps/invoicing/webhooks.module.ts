// The wiring of webhooks: endpoints, what is on its way to them, and who sends it.
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { WebhookDeliveryReactor } from './consumers/webhook-delivery.reactor.js';
import { WebhookSender } from './consumers/webhook-sender.js';
import type { InvoicingParts } from './consumers/invoicing-runners.js';
import { WebhooksController, WebhookSettings } from './http/webhooks.controller.js';
import { WebhookDeliveryStore } from './store/webhook-delivery.store.js';
import { WebhookStore } from './store/webhook.store.js';

@Module({})
export class WebhooksModule {
  static with({ source, clock, logger, webhooks }: InvoicingParts): DynamicModule {
    const { allowedNetworks, sealingKey } = webhooks;
    const endpoints = new WebhookStore(source, sealingKey);
    const deliveries = new WebhookDeliveryStore(source);
    const sender = new WebhookSender({ allowedNetworks, clock });
    const reactor = new WebhookDeliveryReactor({ endpoints, deliveries, sender, clock, logger });
    return {
      module: WebhooksModule,
      controllers: [WebhooksController],
      providers: [
        { provide: WebhookStore, useValue: endpoints },
        { provide: WebhookDeliveryStore, useValue: deliveries },
        { provide: WebhookSettings, useValue: { allowedNetworks, clock } },
        { provide: WebhookDeliveryReactor, useValue: reactor },
      ],
    };
  }
}
