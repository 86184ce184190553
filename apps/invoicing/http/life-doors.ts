// The parts of what becomes of an issued invoice, and who tells of it.
import type { Provider, Type } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { BILLING_EVENTS } from '#libs/events/topics.js';
import type { EventLog } from '#libs/log/event-log.js';
import { AnnouncementRelay } from '#libs/outbox/announcement-relay.js';
import type { Clock } from '#libs/time/instant.js';
import type { Seller } from '../domain/printed-document.js';
import { CreditNoteStore } from '../store/credit-note.store.js';
import { InvoiceLifeStore } from '../store/invoice-life.store.js';
import { PaymentStore } from '../store/payment.store.js';
import { CreditNotesController } from './credit-notes.controller.js';
import { InvoiceLifeController } from './invoice-life.controller.js';

export const LIFE_CONTROLLERS: Type[] = [InvoiceLifeController, CreditNotesController];

export interface LifeParts {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly billing: { readonly legalEntity: string; readonly seller?: Seller | undefined };
}

/** The relay of `billing.events` starts and stops with the app. */
export function lifeProviders(parts: LifeParts): Provider[] {
  const { source, log, logger, clock, billing } = parts;
  const notes = new CreditNoteStore(source, clock, billing);
  const relay = new AnnouncementRelay({ log, source, topics: [BILLING_EVENTS], logger });
  return [
    { provide: AnnouncementRelay, useValue: relay },
    { provide: CreditNoteStore, useValue: notes },
    { provide: PaymentStore, useValue: new PaymentStore(source) },
    { provide: InvoiceLifeStore, useValue: new InvoiceLifeStore(source, clock) },
  ];
}
