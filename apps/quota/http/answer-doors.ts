// What quota's module needs to explain itself: decisions, the public document, and the totals that reconciliation asks for.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { CatalogStore } from '#libs/catalog/catalog.store.js';
import type { PositionStore } from '#libs/projection/position-store.js';
import type { Clock } from '#libs/time/instant.js';
import type { UsageHourStore } from '#libs/usage/usage-hour-store.js';
import { UsageHourTotals } from '#libs/usage/usage-hour-totals.js';
import { UsageTotals, UsageTotalsController } from '#libs/usage/usage-totals.controller.js';
import type { BucketStore } from '../store/bucket.store.js';
import { AnswerContexts } from '../store/answer-contexts.js';
import { enforcedSpend } from '../store/enforced-spend.js';
import { ReservationDoor } from '../store/reservation-door.js';
import { SigningKeyStore } from '../store/signing-key.store.js';
import { DecisionsController } from './decisions.controller.js';
import { InferenceLimitsController } from './inference-limits.controller.js';
import { PublishedLimits } from './published-limits.js';

export const ANSWER_CONTROLLERS: Type[] = [
  DecisionsController,
  InferenceLimitsController,
  UsageTotalsController,
];

export interface AnswerParts {
  readonly source: DataSource;
  readonly clock: Clock;
  readonly adminKey: string;
  readonly limitsSigningKey?: string | undefined;
  readonly upgradeUrl?: string | undefined;
  readonly accounts: AccountStore;
  readonly catalogs: CatalogStore;
  readonly hours: UsageHourStore;
  readonly buckets: BucketStore;
  readonly positions: PositionStore;
}

/** Beside these the controllers need `PositionStore`, the reservations' providers and the guard's. */
export function answerProviders(parts: AnswerParts): Provider[] {
  const { source, clock, catalogs } = parts;
  const signing = { configured: parts.limitsSigningKey, secret: parts.adminKey, clock };
  const limits = new PublishedLimits(catalogs, new SigningKeyStore(source, signing), clock);
  const totals = new UsageHourTotals({ ...parts, spentIn: enforcedSpend(parts) });
  const contexts = (door: ReservationDoor): AnswerContexts =>
    new AnswerContexts(door, parts.upgradeUrl);
  return [
    { provide: AnswerContexts, useFactory: contexts, inject: [ReservationDoor] },
    { provide: PublishedLimits, useValue: limits },
    { provide: UsageTotals, useValue: totals },
  ];
}
