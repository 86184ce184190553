// Cuts a batch into slices and prepares each; the next one's preparation overlaps the statements of the one before.
import type { LogBatch } from '../log/event-log.js';
import { type Cut, cutSlice } from './decide.js';
import type { Projection, Slice } from './projection.js';

const MAX_BYTES = 1 << 20;

export interface PreparedSlice {
  readonly slice: Slice;
  readonly cut: Cut;
  readonly prepared: Promise<unknown>;
}

/** The slices of the batch in hand. */
export class PreparedSlices {
  private ahead: PreparedSlice | undefined;

  constructor(private readonly projection: Projection) {}

  /** The slice at an offset; undefined when the batch has no record there. */
  take(batch: LogBatch, from: number, skip: ReadonlySet<number>): PreparedSlice | undefined {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead?.slice.first === from ? ahead : this.prepare(batch, from, skip);
  }

  /** Begins with the slice that will probably be taken next. */
  lookAhead(batch: LogBatch, from: number, skip: ReadonlySet<number>): void {
    this.ahead = this.prepare(batch, from, skip);
  }

  /** The batch is given back: what was prepared of it is worth nothing. */
  clear(): void {
    this.ahead = undefined;
  }

  private prepare(
    batch: LogBatch,
    from: number,
    skip: ReadonlySet<number>,
  ): PreparedSlice | undefined {
    const { projection } = this;
    const { maxRecords, maxBytes = MAX_BYTES } = projection;
    const limits = { maxRecords, maxBytes, skip };
    const cut = cutSlice(batch.records, from, limits);
    if (cut === undefined) return undefined;
    const { topic, partition } = batch;
    const { records, first, next } = cut;
    const slice: Slice = { topic, partition, records, first, next };
    const prepared = (async (): Promise<unknown> => projection.prepare?.(slice))();
    // Its failure is the slice's when it is awaited; an abandoned one is nobody's.
    prepared.catch(() => undefined);
    return { slice, cut, prepared };
  }
}
