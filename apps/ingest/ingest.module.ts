// The wiring of ingest: the only door into the log. Read it to see every part and what each is given.
import type { DynamicModule, Provider } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { CatalogStore } from '#libs/catalog/catalog.store.js';
import { authProviders } from '#libs/http/auth.js';
import { KeyDirectory } from '#libs/http/keys.js';
import type { EventLog } from '#libs/log/event-log.js';
import type { Metrics } from '#libs/telemetry/metrics.js';
import type { Clock } from '#libs/time/instant.js';
import { ControlPlaneModule } from './control-plane.module.js';
import type { RoomLimits } from './domain/body-room.js';
import type { PaceLimits } from './domain/door-pace.js';
import { EventsDoor } from './http/events-door.js';
import { EventStreams } from './http/events-stream.js';
import { ControlTotalsController } from './http/events-totals.controller.js';
import { EventsController } from './http/events.controller.js';
import { OpenMeterDoor } from './http/openmeter-door.js';
import { OpenMeterController } from './http/openmeter.controller.js';
import { PacedBodies } from './http/paced-body.js';
import { ProjectionsController } from './http/projections.controller.js';
import { ControlTotalsWriter } from './store/control-totals-writer.js';
import { ControlTotalsStore } from './store/control-totals.store.js';
import { RejectedLog } from './store/rejected-log.js';
import { Closing } from './store/closing.js';
import { UsageLog } from './store/usage-log.js';

/** What the process supplies; a test supplies a memory log, a fixed clock and a fresh database instead. */
export interface IngestParts {
  readonly log: EventLog;
  readonly source: DataSource;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly adminKey: string;
  /** Where the keys of callers are looked up. */
  readonly keys: KeyDirectory;
  /** Names this process among its siblings, new at each start. */
  readonly instance: string;
  /** What one key may send in a second; 5,000 requests and 256 MiB of events when absent. */
  readonly pace?: PaceLimits;
  /** How much bodies may take of the memory; 128 MiB, and 64 of one key, when absent. */
  readonly room?: RoomLimits;
  /** How long an account or catalog answer waits for its fact to be in the log; 5 s when absent. */
  readonly factWaitMs?: number;
}

@Module({})
export class IngestModule {
  /** The parts' log and database are closed when the application is. */
  static with(parts: IngestParts): DynamicModule {
    return {
      module: IngestModule,
      imports: [ControlPlaneModule.with(parts)],
      controllers: [
        EventsController,
        OpenMeterController,
        ControlTotalsController,
        ProjectionsController,
      ],
      providers: [
        ...authProviders(parts.adminKey, parts.clock),
        { provide: KeyDirectory, useValue: parts.keys },
        ...doors(parts),
      ],
    };
  }
}

/** Well above what one process takes on two cores: it stops a runaway, not a customer. */
export const PACE: PaceLimits = { requestsPerSecond: 5_000, bytesPerSecond: 268_435_456 };

function doors(parts: IngestParts): Provider[] {
  const { log, source, clock, logger, metrics, instance } = parts;
  return [
    EventStreams,
    { provide: PacedBodies, useValue: new PacedBodies(parts.pace ?? PACE, clock, parts.room) },
    {
      provide: ControlTotalsStore,
      useFactory: () => new ControlTotalsStore(source, instance),
    },
    {
      provide: ControlTotalsWriter,
      inject: [ControlTotalsStore],
      useFactory: (store: ControlTotalsStore) => new ControlTotalsWriter(store, clock, logger),
    },
    {
      provide: EventsDoor,
      inject: [ControlTotalsWriter],
      useFactory: (totals: ControlTotalsWriter) =>
        new EventsDoor(new UsageLog(log, totals), clock, metrics),
    },
    {
      provide: OpenMeterDoor,
      inject: [EventsDoor],
      useFactory: (door: EventsDoor) =>
        new OpenMeterDoor(door, new RejectedLog(log), clock, new CatalogStore(source)),
    },
    {
      provide: Closing,
      inject: [ControlTotalsWriter],
      useFactory: (totals: ControlTotalsWriter) => new Closing(totals, log, source),
    },
  ];
}
