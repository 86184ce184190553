// Sends what is due, on any number of instances: a delivery is claimed for a minute by whoever sends it.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '#libs/projection/failure-class.js';
import type { Clock } from '#libs/time/instant.js';
import { nextStep } from '../domain/webhook-schedule.js';
import type { ClaimedDelivery, WebhookDeliveryStore } from '../store/webhook-delivery.store.js';
import type { WebhookStore } from '../store/webhook.store.js';
import type { WebhookSender } from './webhook-sender.js';

const LOOK_EVERY_MS = 500;
const AT_ONCE = 16;

export interface WebhookDeliveryParts {
  readonly endpoints: WebhookStore;
  readonly deliveries: WebhookDeliveryStore;
  readonly sender: WebhookSender;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); Math.random. */
  readonly random?: () => number;
}

export class WebhookDeliveryReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly parts: WebhookDeliveryParts) {}

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  /** Lets the attempts in flight end, but not for longer than 5 s: their claim runs out and they are tried again. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.race([this.working, pause(5_000)]);
  }

  /** Sends what is due now, once; gives how many attempts were made. */
  async sendDue(): Promise<number> {
    const { deliveries, clock } = this.parts;
    const claimed = await deliveries.claim(clock(), AT_ONCE);
    await Promise.all(claimed.map(async (delivery) => this.attempt(delivery)));
    return claimed.length;
  }

  private async work(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      let sent = 0;
      try {
        sent = await this.sendDue();
      } catch (error) {
        this.parts.logger.warn({ cause: messageOf(error) }, 'webhooks wait');
      }
      if (sent === 0) await pause(LOOK_EVERY_MS, this.stopping.signal);
    }
  }

  private async attempt(delivery: ClaimedDelivery): Promise<void> {
    const { endpoints, deliveries, sender, clock, logger, random = Math.random } = this.parts;
    const secrets = await endpoints.secretsOf(delivery.endpoint, clock());
    const sent = await sender.send(delivery, secrets);
    const step = nextStep(sent.attempted, delivery.attempt, clock(), random());
    await deliveries.settle(delivery, sent, step, clock());
    const { endpoint, attempt } = delivery;
    logger.info({ endpoint, attempt, ...sent.attempted, state: step.state }, 'webhook attempt');
  }
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
