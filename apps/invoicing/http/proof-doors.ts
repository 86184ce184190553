// What proves an issued invoice from the log: the parts behind its doors.
import type { Provider, Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventLog } from '#libs/log/event-log.js';
import { BilledBeforeStore } from '../store/billed-before.store.js';
import { EventLines } from '../store/event-lines.js';
import { ChainStore } from '../store/chain.store.js';
import { LineEvents } from '../store/line-events.js';
import { LogReplay } from '../store/log-replay.js';
import { Verifying } from '../store/verifying.js';
import { WantedLines } from '../store/wanted-lines.js';
import { EventLinesController } from './event-lines.controller.js';
import { DocumentChainsController } from './document-chains.controller.js';
import { LineEventsController } from './line-events.controller.js';
import { VerificationController } from './verification.controller.js';

export const PROOF_CONTROLLERS: Type[] = [
  VerificationController,
  LineEventsController,
  EventLinesController,
  DocumentChainsController,
];

/** Nothing of a projection's rows goes in: only the log, and what was issued before. */
export function proofProviders(parts: {
  readonly source: DataSource;
  readonly log: EventLog;
}): Provider[] {
  const replay = new LogReplay(parts.source, parts.log);
  const before = new BilledBeforeStore(parts.source);
  return [
    { provide: ChainStore, useValue: new ChainStore(parts.source) },
    { provide: Verifying, useValue: new Verifying(replay, before) },
    { provide: WantedLines, useValue: new WantedLines(replay, before) },
    { provide: EventLines, useValue: new EventLines(parts.source) },
    { provide: LineEvents, useValue: new LineEvents(parts.log) },
  ];
}
