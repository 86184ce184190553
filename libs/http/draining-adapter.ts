// Nest's Fastify adapter, but one that ends well: before anything is torn down it stops accepting and lets running requests finish.
import { once } from 'node:events';
import { FastifyAdapter } from '@nestjs/platform-fastify';

/** Of the 10 s that a stop may take; the rest is for projections, the log and the database. */
const DRAIN_MS = 7_000;
const SWEEP_MS = 20;

export class DrainingAdapter extends FastifyAdapter {
  /** From the first moment of the stop on: answers then close their connection. */
  isDraining = false;
  /** Ends answers that have no end of their own, such as streams of events: they would hold the stop up. */
  onDraining: () => void = () => undefined;

  /** Nest awaits this before it stops any part: requests still find a whole service. */
  override async beforeClose(): Promise<void> {
    this.isDraining = true;
    this.onDraining();
    const { server } = this.getInstance();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    // A kept-alive connection becomes idle when its answer is out.
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(deadline);
  }
}
