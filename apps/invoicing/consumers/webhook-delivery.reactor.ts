// Sends what is due, on any number of instances: a delivery is claimed for a minute by whoever sends it.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { isPassing, messageOf } from '#libs/projection/failure-class.js';
import type { Clock } from '#libs/time/instant.js';
import { nextStep } from '../domain/webhook-schedule.js';
import type { ClaimedDelivery, WebhookDeliveryStore } from '../store/webhook-delivery.store.js';
import type { WebhookStore } from '../store/webhook.store.js';
import type { Sent, WebhookSender } from './webhook-sender.js';

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
    // All of them end before the next are claimed, also when one cannot be written down.
    const ended = await Promise.allSettled(claimed.map(async (one) => this.attempt(one)));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
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
    const { deliveries, clock, logger, random = Math.random } = this.parts;
    const sent = await this.send(delivery);
    // Removed since it was claimed, and its deliveries with it.
    if (!sent) return;
    const step = nextStep(sent.attempted, delivery.attempt, clock(), random());
    await deliveries.settle(delivery, sent, step, clock());
    const { endpoint, attempt } = delivery;
    logger.info({ endpoint, attempt, ...sent.attempted, state: step.state }, 'webhook attempt');
  }

  // Nothing goes out unsigned. A secret that another key sealed is this endpoint's fault, and shows in its list of deliveries.
  private async send(delivery: ClaimedDelivery): Promise<Sent | undefined> {
    const { endpoints, sender, clock } = this.parts;
    let secrets: readonly string[];
    try {
      secrets = await endpoints.secretsOf(delivery.endpoint, clock());
    } catch (error) {
      if (isPassing(error)) throw error;
      const fault = 'the secret was sealed by another WEBHOOK_SEALING_KEY: rotate it';
      return { attempted: { fault }, answer: null };
    }
    return secrets.length === 0 ? undefined : sender.send(delivery, secrets);
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
