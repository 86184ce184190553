// What metering's module needs to answer questions: the controllers, and what they are given.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventLog } from '#libs/log/event-log.js';
import type { Clock } from '#libs/time/instant.js';
import { CompletionsQueryStore } from '../store/completions-query.store.js';
import { UsageQueryStore } from '../store/usage-query.store.js';
import { CompletionsController } from './completions.controller.js';
import { UsageController } from './usage.controller.js';

export const READ_CONTROLLERS: Type[] = [UsageController, CompletionsController];

/** Beside these the controllers need `PositionStore` and the guard's providers. `source` is HTTP's own pool. */
export function readProviders(parts: {
  readonly source: DataSource;
  readonly log: EventLog;
  readonly clock: Clock;
}): Provider[] {
  const { source, clock } = parts;
  const usage = new UsageQueryStore(source);
  return [
    { provide: UsageQueryStore, useValue: usage },
    { provide: CompletionsQueryStore, useValue: new CompletionsQueryStore(usage, clock) },
  ];
}
