// The checkpoint's two halves taken out on a real Postgres: two owners fold the same slice at once. The rules are taken out by a
// subclass that only this spec knows; production has no switch.
import type { EntityManager } from 'typeorm';
import { changed, rows } from '../../database/database.js';
import type { TopicPartition } from '../../log/event-log.js';
import { pause } from '../../stack/children.js';
import { type Advance, PositionRows } from '../position-rows.js';
import { SliceTransaction } from '../slice-transaction.js';
import { Bench, tally } from './tally.js';

const AT = { topic: 't', partition: 0 };

class WithoutRules extends PositionRows {
  constructor(
    source: Bench['source'],
    private readonly rules: { readonly lock: boolean; readonly compare: boolean },
  ) {
    super(source, 'test.tally');
  }

  override async lock(
    tx: EntityManager,
    at: TopicPartition,
  ): Promise<{ readonly nextOffset: number; readonly epoch: number } | undefined> {
    if (this.rules.lock) return super.lock(tx, at);
    const sql = 'SELECT next_offset, epoch FROM stream_offset WHERE partition = $1';
    const [row] = await rows<{ next_offset: string; epoch: string }>(tx, sql, [at.partition]);
    return row && { nextOffset: Number(row.next_offset), epoch: Number(row.epoch) };
  }

  override async advance(tx: EntityManager, at: TopicPartition, step: Advance): Promise<boolean> {
    if (this.rules.compare) return super.advance(tx, at, step);
    const sql = 'UPDATE stream_offset SET next_offset = $2 WHERE partition = $1';
    return (await changed(tx, sql, [at.partition, step.next])) === 1;
  }
}

describe('checkpoint on Postgres', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.open(1);
  });
  afterEach(async () => {
    await bench.close();
  });

  async function foldTwice(rules: { lock: boolean; compare: boolean }): Promise<string[]> {
    const positions = new WithoutRules(bench.source, rules);
    await positions.create(AT, 'a');
    const { epoch } = (await positions.claim(AT, 'a')) as { epoch: number };
    await bench.append(0, 4);
    const records = await bench.log.read('t', 0, 0);
    const slice = { ...AT, records, first: 0, next: 4 };
    const cut = { ...slice, last: records[3] as (typeof records)[0], skipped: 0 };
    let folding = 0;
    let bothFold = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      bothFold = resolve;
    });
    // Neither owner ends its fold before the other has begun, unless the lock keeps it out.
    const duringFold = async (): Promise<void> => {
      folding += 1;
      if (folding === 2) bothFold();
      await Promise.race([both, pause(400)]);
    };
    // A row of its own for each: the sums must not make one wait for the other.
    const projection = { ...tally({ duringFold }), fold: foldApart(duringFold) };
    const transaction = new SliceTransaction(bench.source, positions, projection);
    const work = {
      slice,
      cut,
      epoch,
      caughtUpAt: 0,
      prepared: Promise.resolve([]),
      onFolding: () => undefined,
    };
    const outcomes = await Promise.all([transaction.apply(work), transaction.apply(work)]);
    return outcomes.map(({ kind }) => kind).toSorted();
  }

  const foldApart =
    (during: () => Promise<void>) =>
    async (tx: EntityManager, { records }: { readonly records: readonly { offset: number }[] }) => {
      const offsets = records.map(({ offset }) => offset);
      await tx.query("INSERT INTO seen SELECT 't', 0, unnest($1::bigint[])", [offsets]);
      await during();
      const counts = { applied: 4, duplicates: 0, quarantined: 0, digestA: 0n, digestB: 0n };
      return { counts, folded: 4 };
    };

  it.each([
    // lock, compare-and-set: outcomes of two owners, records folded twice
    [true, true, ['applied', 'moved'], 0],
    [true, false, ['applied', 'moved'], 0],
    [false, true, ['applied', 'lost'], 0],
    [false, false, ['applied', 'applied'], 4],
  ])(
    'with lock %s and compare-and-set %s: %j, %d records twice',
    async (lock, compare, ended, twice) => {
      expect(await foldTwice({ lock, compare })).toEqual(ended);
      expect((await bench.folded()).twice).toBe(twice);
      expect(await bench.position()).toBe(4);
    },
  );
});
