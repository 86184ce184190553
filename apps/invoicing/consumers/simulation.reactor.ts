// Works off simulations in the background, a few organizations at a time. Every step can be taken twice, so a simulation goes on
// after a kill, and two processes on one do no harm.
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { Logger } from 'pino';
import { messageOf } from '#libs/projection/failure-class.js';
import { parseCatalogText } from '#libs/rating/catalog-document.js';
import type { Clock } from '#libs/time/instant.js';
import type { Repricing } from '../store/repricing.js';
import type { RunSignal } from '../store/run-signal.js';
import type { SimulationAnswerStore } from '../store/simulation-answers.store.js';
import type { Simulation, SimulationStore } from '../store/simulation.store.js';

export interface SimulationParts {
  readonly simulations: SimulationStore;
  readonly answers: SimulationAnswerStore;
  readonly repricing: Repricing;
  readonly signal: RunSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 100;

export class SimulationReactor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SimulationParts) {}

  onApplicationBootstrap(): void {
    this.working = this.work();
  }

  /** Resolves when the organizations in hand are answered; the rest goes on at the next start. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.working;
  }

  /** Takes every running simulation as far as it goes, at most `steps` times a few organizations each. */
  async advanceAll(steps = Number.POSITIVE_INFINITY): Promise<void> {
    for (const simulation of await this.parts.simulations.running())
      await this.advance(simulation, steps);
  }

  private async work(): Promise<void> {
    const { signal, logger } = this.parts;
    while (!this.stopping.signal.aborted) {
      try {
        await this.advanceAll();
      } catch (error) {
        logger.warn({ cause: messageOf(error) }, 'simulations wait');
      }
      await signal.wait(LOOK_EVERY_MS, this.stopping.signal);
    }
  }

  private async advance(simulation: Simulation, steps: number): Promise<void> {
    const { simulations, answers, repricing, clock } = this.parts;
    const { id, period, document, mediaType } = simulation;
    const parsed = parseCatalogText(document, mediaType);
    // The door checked it; what cannot be read any more was written for an older program.
    if (!('catalog' in parsed)) throw new TypeError(`the catalog of ${id} cannot be read`);
    if (simulation.plannedAt === null) await simulations.plan(simulation, clock());
    for (let step = 0; step < steps && !this.stopping.signal.aborted; step += 1) {
      const pending = await answers.pending(id, AT_ONCE);
      if (pending.length === 0) return simulations.finish(id, clock());
      await answers.answer(id, await repricing.answers(pending, period, parsed.catalog));
    }
  }
}
