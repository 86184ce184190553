// Published prices of other providers beside the own ones: what a pool costs there, and the order of the rows.

export interface ListedPrice {
  readonly price_per_million: string;
  /** Ascending: from how many tokens of input on another price holds for the whole request. */
  readonly above_context: readonly {
    readonly tokens: bigint;
    readonly price_per_million: string;
  }[];
}

/** By service tier and pool. */
export type ListedPrices = Readonly<Record<string, Readonly<Record<string, ListedPrice>>>>;

/** On-demand price of a pool; undefined where the provider publishes none. */
export function listedPrice(prices: ListedPrices, pool: string): ListedPrice | undefined {
  const table = Object.hasOwn(prices, 'on_demand') ? prices['on_demand'] : undefined;
  return table && Object.hasOwn(table, pool) ? table[pool] : undefined;
}

const SURENESS = ['exact', 'alias', 'family'];

/** The surest match first, then by provider: no order by price, which has more than one number. */
export function inOrder<Row extends { readonly match: string | null; readonly provider: string }>(
  rows: readonly Row[],
): Row[] {
  const rank = ({ match }: Row): number => SURENESS.indexOf(match ?? '');
  return rows.toSorted(
    (a, b) => rank(a) - rank(b) || (a.provider < b.provider ? -1 : a.provider > b.provider ? 1 : 0),
  );
}
