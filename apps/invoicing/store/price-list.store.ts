// Loaded price lists and the models in them.
import type { DataSource } from 'typeorm';
import { rows } from '#libs/database/database.js';
import type { ImportedModel } from '#libs/rating/import/imported-model.js';
import type { ListedPrice, ListedPrices } from '../domain/comparison.js';

export interface PriceList {
  readonly id: string;
  readonly source: string;
  /** The day that the list is of, `2026-08-06`. */
  readonly asOf: string;
  readonly models: number;
  /** Entries of the file that were not taken. */
  readonly refused: number;
  readonly loadedAt: number;
  /** What it is called, and where it was published; null: not said. */
  readonly title: string | null;
  readonly url: string | null;
}

export interface ListedModel {
  readonly list: string;
  readonly provider: string;
  readonly model: string;
}

interface ListRow {
  id: string;
  source: string;
  as_of: string;
  models: number;
  refused: number;
  loaded_at: string;
  title: string | null;
  url: string | null;
}

interface StoredPrice {
  femto: string;
  above: { tokens: number; femto: string }[];
}

export class PriceListStore {
  private names: { name: string; models: Promise<readonly ListedModel[]> } | undefined;

  constructor(private readonly source: DataSource) {}

  /** Keeps a list in place of what was loaded of the same source and day. */
  async load(list: PriceList, models: readonly ImportedModel[], loadedBy: string): Promise<void> {
    await this.source.transaction(async (tx) => {
      await tx.query('DELETE FROM price_list WHERE source = $1 AND as_of = $2', [
        list.source,
        list.asOf,
      ]);
      await tx.query(
        `INSERT INTO price_list (id, source, as_of, models, refused, loaded_at, loaded_by, title, url)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          list.id,
          list.source,
          list.asOf,
          list.models,
          list.refused,
          list.loadedAt,
          loadedBy,
          list.title,
          list.url,
        ],
      );
      await tx.query(
        `INSERT INTO listed_model (list, provider, model, prices)
         SELECT $1, * FROM unnest($2::text[], $3::text[], $4::jsonb[])`,
        [
          list.id,
          models.map(({ provider }) => provider),
          models.map(({ model }) => model),
          models.map(({ prices }) => JSON.stringify(storedPrices(prices))),
        ],
      );
    });
  }

  /** Every list, the newest day of each source first. */
  async lists(): Promise<PriceList[]> {
    const found = await rows<ListRow>(
      this.source,
      'SELECT * FROM price_list ORDER BY as_of DESC, source',
    );
    return found.map(toList);
  }

  /** The newest list of each source. */
  async newest(): Promise<PriceList[]> {
    const found = await rows<ListRow>(
      this.source,
      'SELECT DISTINCT ON (source) * FROM price_list ORDER BY source, as_of DESC',
    );
    return found.map(toList);
  }

  /** The names in some lists, without their prices. A list never changes under its id, so the last ones are kept. */
  async modelsOf(lists: readonly string[]): Promise<readonly ListedModel[]> {
    const name = lists.join(' ');
    if (this.names?.name !== name) this.names = { name, models: this.readModels(lists) };
    const { models } = this.names;
    models.catch(() => (this.names = undefined));
    return models;
  }

  /** Models of some lists in order, after a place. */
  async page(
    lists: readonly string[],
    after: ListedModel | undefined,
    limit: number,
  ): Promise<ListedModel[]> {
    const { provider = '', model = '', list = '' } = after ?? {};
    return rows<ListedModel>(
      this.source,
      `SELECT list, provider, model FROM listed_model WHERE list = ANY($1)
         AND (provider COLLATE "C", model COLLATE "C", list COLLATE "C") > ($2, $3, $4)
       ORDER BY provider COLLATE "C", model COLLATE "C", list COLLATE "C" LIMIT $5`,
      [lists, provider, model, list, limit],
    );
  }

  private async readModels(lists: readonly string[]): Promise<ListedModel[]> {
    return rows<ListedModel>(
      this.source,
      `SELECT list, provider, model FROM listed_model WHERE list = ANY($1)
       ORDER BY provider, model, list`,
      [lists],
    );
  }

  /** The prices of the named models, in their order. */
  async pricesOf(models: readonly ListedModel[]): Promise<ListedPrices[]> {
    const found = await rows<{ prices: Record<string, Record<string, StoredPrice>> }>(
      this.source,
      `SELECT kept.prices FROM unnest($1::text[], $2::text[], $3::text[])
         WITH ORDINALITY AS one (list, provider, model, place)
       JOIN listed_model AS kept USING (list, provider, model) ORDER BY one.place`,
      [
        models.map(({ list }) => list),
        models.map(({ provider }) => provider),
        models.map(({ model }) => model),
      ],
    );
    return found.map(({ prices }) => readPrices(prices));
  }
}

// jsonb has no integers beyond what a double holds exactly, so femto-units are texts.
function storedPrices(prices: ListedPrices): unknown {
  return mapTables(prices as Record<string, Record<string, ListedPrice>>, (price) => ({
    femto: price.femtoPerUnit.toString(),
    above: price.aboveContext.map(({ tokens, femtoPerUnit }) => ({
      tokens,
      femto: femtoPerUnit.toString(),
    })),
  }));
}

function readPrices(prices: Record<string, Record<string, StoredPrice>>): ListedPrices {
  return mapTables(prices, ({ femto, above }) => ({
    femtoPerUnit: BigInt(femto),
    aboveContext: above.map((one) => ({ tokens: one.tokens, femtoPerUnit: BigInt(one.femto) })),
  }));
}

function mapTables<From, To>(
  tables: Record<string, Record<string, From>>,
  change: (value: From) => To,
): Record<string, Record<string, To>> {
  return Object.fromEntries(
    Object.entries(tables).map(([tier, table]) => [
      tier,
      Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)])),
    ]),
  );
}

function toList(row: ListRow): PriceList {
  const { as_of: asOf, loaded_at: loadedAt, ...list } = row;
  const { id, source, models, refused, title, url } = list;
  return { id, source, asOf, models, refused, loadedAt: Number(loadedAt), title, url };
}
