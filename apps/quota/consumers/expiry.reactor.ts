// Ends reservations whose time is over, and frees scopes that were blocked. Admission ends what is over in its own organizations by
// itself; this is for those that nobody asks about. Any number of instances may run: locks and states are in the rows.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Clock } from '#libs/time/instant.js';
import type { AdmissionStore } from '../store/admission.store.js';
import type { ReservationDoor } from '../store/reservation-door.js';
import type { QuotaMeters } from '../store/quota-meters.js';

export interface ExpiryParts {
  readonly store: AdmissionStore;
  readonly door: ReservationDoor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meters: QuotaMeters;
  /** 1000. */
  readonly everyMs?: number;
}

const FORGET_EVERY_MS = 60_000;

export class ExpiryReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopping = false;
  #forgotAt = 0;

  constructor(private readonly parts: ExpiryParts) {}

  onApplicationBootstrap(): void {
    this.plan();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** One look; also for specs that move the clock. */
  async sweep(): Promise<void> {
    const { store, door, clock, meters } = this.parts;
    if (!(await door.reconcile())) return;
    for (;;) {
      const ended = await store.expireSome(clock());
      meters.expired.inc(ended);
      if (ended === 0 || this.#isStopping) break;
    }
    await store.reviewBlocked(clock());
    if (clock() - this.#forgotAt < FORGET_EVERY_MS) return;
    this.#forgotAt = clock();
    await store.forget(clock());
  }

  private plan(): void {
    if (this.#isStopping) return;
    this.#timer = setTimeout(() => {
      this.#running = this.sweepOrTell();
    }, this.parts.everyMs ?? 1_000);
  }

  private async sweepOrTell(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'reservations_not_swept');
    }
    this.plan();
  }
}
