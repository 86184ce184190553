// The parts of what becomes of an issued invoice: who tells of it.
import type { Provider } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { BILLING_EVENTS } from '#libs/events/topics.js';
import type { EventLog } from '#libs/log/event-log.js';
import { AnnouncementRelay } from '#libs/outbox/announcement-relay.js';

export interface LifeParts {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly logger: Logger;
}

/** The relay of `billing.events` starts and stops with the app. */
export function lifeProviders({ source, log, logger }: LifeParts): Provider[] {
  const relay = new AnnouncementRelay({ log, source, topics: [BILLING_EVENTS], logger });
  return [{ provide: AnnouncementRelay, useValue: relay }];
}
