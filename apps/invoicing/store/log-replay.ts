// Reads the log again, up to a cut: what an invoice was made of, without a row of any projection. Nothing is kept but one
// organization's account and sums, so memory is bounded by its hours and not by the log.
import type { DataSource } from 'typeorm';
import { acceptedHoles } from '#libs/accounts/accepted-holes.js';
import { parsePublished } from '#libs/catalog/published-catalog.js';
import { type Account, evolveAccount } from '#libs/events/account.js';
import { decodeFact } from '#libs/events/account-facts.js';
import { decodeCatalogFact } from '#libs/events/catalog-fact.js';
import type { MeteredBatch, MeteredEvent } from '#libs/events/metered-batch.js';
import { ACCOUNTS, CATALOG, USAGE_METERED, USAGE_RECORDED } from '#libs/events/topics.js';
import type { EventLog, StoredRecord, TopicPartition } from '#libs/log/event-log.js';
import { followChain } from '#libs/projection/chain.js';
import { decodeMeteredSlice } from '#libs/projection/metered-slice.js';
import { PartitionHalt } from '#libs/projection/projection.js';
import type { Catalog } from '#libs/rating/catalog.js';
import type { Cut } from '../domain/invoice.js';

const MAX_RECORDS = 200;

/** The log does not hold any more, or not yet, what the cut covers; `code` is snake_case and stable. */
export class CannotReplay extends Error {
  override readonly name = 'CannotReplay';
  constructor(
    readonly code: 'log_truncated' | 'log_incomplete' | 'log_unreadable',
    detail: string,
  ) {
    super(detail);
  }
}

export class LogReplay {
  constructor(
    private readonly source: DataSource,
    private readonly log: EventLog,
  ) {}

  /** The account as its facts below the cut make it; undefined when it was never registered there. */
  async account(organization: string, cut: Cut): Promise<Account | undefined> {
    let account: Account | undefined;
    for await (const fact of this.facts(ACCOUNTS, cut, decodeFact))
      if (fact.organization === organization) account = evolveAccount(account, fact);
    return account;
  }

  /** The catalog versions below the cut, in order of `effectiveFrom`. */
  async catalogs(cut: Cut): Promise<readonly Catalog[]> {
    const versions: Catalog[] = [];
    for await (const { document, mediaType } of this.facts(CATALOG, cut, decodeCatalogFact))
      versions.push(readOrRefuse(() => parsePublished(document, mediaType)));
    return versions.toSorted((left, right) => left.effectiveFrom - right.effectiveFrom);
  }

  /** The organization's metered events below the cut, each once, one array per record that has any. */
  async *events(organization: string, cut: Cut): AsyncGenerator<readonly MeteredEvent[], void> {
    for (const [partition, end] of Object.entries(cut[USAGE_RECORDED] ?? {}))
      for await (const events of this.chain(Number(partition), end)) {
        const own = events.filter((event) => event.organization === organization);
        if (own.length > 0) yield own;
      }
  }

  // Metering may publish a range twice after a crash: the chain drops what was seen, and a hole is no range.
  private async *chain(
    partition: number,
    end: number,
  ): AsyncGenerator<readonly MeteredEvent[], void> {
    let expected = 0;
    const at = { topic: USAGE_METERED, partition };
    for await (const record of this.records(at, end === 0 ? 0 : Infinity)) {
      const followed = readOrRefuse(() => followChain(expected, batchOf(at, record)));
      expected = followed.expected;
      yield followed.events.filter(({ offset }) => offset < end);
      if (expected >= end) return;
    }
    if (expected < end)
      throw new CannotReplay(
        'log_incomplete',
        `${USAGE_METERED}[${partition}] covers raw offsets up to ${expected}, and the cut is at ${end}.`,
      );
  }

  // Facts are counted 1, 2, 3 … per topic; one may be there twice, and an operator may have let some go.
  private async *facts<Fact>(
    topic: string,
    cut: Cut,
    decode: (value: Buffer) => { readonly factId: number; readonly fact: Fact },
  ): AsyncGenerator<Fact, void> {
    for (const [partition, end] of Object.entries(cut[topic] ?? {})) {
      let head = 0;
      const at = { topic, partition: Number(partition) };
      for await (const { offset, value } of this.records(at, end)) {
        const { factId, fact } = readOrRefuse(() => decode(value));
        if (factId <= head) continue;
        const missing = factId - head - 1;
        if (missing > 0 && missing > (await acceptedHoles(this.source.manager, topic, offset)))
          throw new CannotReplay(
            'log_incomplete',
            `${topic} offset ${offset} holds fact ${factId} where ${head + 1} is next.`,
          );
        head = factId;
        yield fact;
      }
    }
  }

  // From the first offset to below `end`, Infinity for as far as the log goes now.
  private async *records(at: TopicPartition, end: number): AsyncGenerator<StoredRecord, void> {
    if (end === 0) return;
    const marks = (await this.log.watermarks(at.topic)).find(
      ({ partition }) => partition === at.partition,
    );
    const { low, high } = marks ?? { low: 0, high: 0 };
    const where = `${at.topic}[${at.partition}]`;
    if (low > 0)
      throw new CannotReplay('log_truncated', `${where} is kept from offset ${low} on only.`);
    if (end !== Infinity && end > high)
      throw new CannotReplay(
        'log_incomplete',
        `${where} ends at ${high}, and the cut is at ${end}.`,
      );
    const stop = Math.min(end, high);
    for (let next = 0; next < stop;) {
      const wanted = { maxRecords: Math.min(MAX_RECORDS, stop - next) };
      const found = await this.log.read(at.topic, at.partition, next, wanted);
      const last = found.at(-1);
      if (!last)
        throw new CannotReplay('log_incomplete', `${where} gives nothing at offset ${next}.`);
      for (const record of found) if (record.offset < stop) yield record;
      next = last.offset + 1;
    }
  }
}

/** The batch of one record of `usage.metered`; PartitionHalt when it is none. */
export function batchOf(at: TopicPartition, record: StoredRecord): MeteredBatch {
  const { offset } = record;
  const [batch] = decodeMeteredSlice({ ...at, records: [record], first: offset, next: offset + 1 });
  return batch as MeteredBatch;
}

/** CannotReplay `log_unreadable` for whatever the reading throws. */
export function readOrRefuse<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const code = error instanceof PartitionHalt ? `${error.reason}: ` : '';
    throw new CannotReplay('log_unreadable', `${code}${(error as Error).message}`);
  }
}
