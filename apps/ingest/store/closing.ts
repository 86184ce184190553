import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { EventLog } from '#libs/log/event-log.js';
import type { ControlTotalsWriter } from './control-totals-writer.js';

/** The end of ingest, once no request is left: totals are saved, then the log closes, then the database. */
export class Closing implements OnApplicationShutdown {
  constructor(
    private readonly totals: ControlTotalsWriter,
    private readonly log: EventLog,
    private readonly source: DataSource,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.totals.stop();
    await this.log.close();
    await this.source.destroy();
  }
}
