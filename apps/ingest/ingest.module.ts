// The wiring of ingest: the only door into the log. Read it to see every part and what each is given.
import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { authProviders } from '#libs/http/auth.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';

/** What the process supplies; a test supplies a memory log, a fixed clock and a fresh database instead. */
export interface IngestParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  /** Names this process among its siblings, new at each start. */
  readonly instance: string;
}

@Module({})
export class IngestModule {
  static with(parts: IngestParts): DynamicModule {
    return {
      module: IngestModule,
      controllers: [],
      providers: [...authProviders(parts.adminKey, parts.clock)],
    };
  }
}
