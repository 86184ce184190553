// One transaction per decision: lock the topic's head, look, decide, fold into the rows, add to the outbox. The lock makes
// commit order and fact order the same, and a refused decision leaves no hole: ids are only taken by facts that commit.
import type { DataSource, EntityManager } from 'typeorm';
import { lockFactHead, moveFactHead } from '#libs/accounts/fact-head.js';
import type { Clock } from '#libs/time/instant.js';
import { DAY_MS } from '#libs/time/instant.js';
import type { OutboxRow, OutboxStore } from './outbox.store.js';

/** How long a repeat with the same Idempotency-Key finds the fact that it made (http-contract.md: kept 7 days). */
const REQUEST_MS = 7 * DAY_MS;

/** How facts of one topic are written. */
export interface FactWriter<Fact extends { readonly recordedAt: number }> {
  readonly topic: string;
  keyOf(fact: Fact): string;
  encode(record: { readonly factId: number; readonly fact: Fact }): Buffer;
  decode(value: Buffer): { readonly factId: number; readonly fact: Fact };
  apply(tx: EntityManager, fact: Fact, factId: number): Promise<void>;
}

/** A fact and its place among the facts of its topic. */
export interface Recorded<Fact> {
  readonly topic: string;
  readonly factId: number;
  readonly fact: Fact;
}

/** What a decision may look at, inside the transaction. */
export interface Deciding<Fact> {
  readonly tx: EntityManager;
  readonly now: number;
  /** The fact that this very request made before its answer was lost. */
  readonly earlier: Recorded<Fact> | undefined;
}

export class FactRecorder {
  constructor(
    private readonly source: DataSource,
    private readonly outbox: OutboxStore,
    private readonly clock: Clock,
  ) {}

  /**
   * Records the facts that `decide` gives, all or none, and gives what `decide` gave with their ids. A throw of `decide` leaves
   * everything as it was. `requestKey` names the request among repeats, null when it has no Idempotency-Key.
   */
  async record<Fact extends { readonly recordedAt: number }>(
    writer: FactWriter<Fact>,
    requestKey: string | null,
    decide: (deciding: Deciding<Fact>) => Promise<readonly Fact[]>,
  ): Promise<readonly Recorded<Fact>[]> {
    return this.source.transaction(async (tx) => {
      const head = await lockFactHead(tx, writer.topic);
      const now = this.clock();
      const found = requestKey
        ? await this.outbox.ofRequest(tx, requestKey, now - REQUEST_MS)
        : undefined;
      const facts = await decide({ tx, now, earlier: found && reread(writer, found) });
      for (const [index, fact] of facts.entries()) {
        const factId = head + 1 + index;
        await writer.apply(tx, fact, factId);
        await this.outbox.add(tx, {
          topic: writer.topic,
          factId,
          key: writer.keyOf(fact),
          value: writer.encode({ factId, fact }),
          recordedAt: fact.recordedAt,
          requestKey,
        });
      }
      if (facts.length > 0) await moveFactHead(tx, writer.topic, head + facts.length);
      return facts.map((fact, index) => ({ topic: writer.topic, factId: head + 1 + index, fact }));
    });
  }
}

function reread<Fact extends { readonly recordedAt: number }>(
  writer: FactWriter<Fact>,
  row: OutboxRow,
): Recorded<Fact> {
  const { factId, fact } = writer.decode(row.value);
  return { topic: row.topic, factId, fact };
}
