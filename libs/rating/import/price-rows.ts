// Prices gathered field by field into the rows of one model.
import type { Quantity, ServiceTier } from '../../events/quantities.js';
import type { ContextPrice, ImportedModel, ImportedTable } from './imported-model.js';
import { EntryFault } from './imported-model.js';

interface Row {
  base: bigint | undefined;
  readonly above: ContextPrice[];
}

export class PriceRows {
  private readonly tables = new Map<ServiceTier, Map<Quantity, Row>>();

  /** Sets a price for inputs above so many tokens (0: any); the same place twice must say the same. */
  set(serviceTier: ServiceTier, quantity: Quantity, price: ContextPrice): void {
    const row = this.rowOf(serviceTier, quantity);
    const known =
      price.tokens === 0 ? row.base : row.above.find((one) => one.tokens === price.tokens);
    const before = typeof known === 'object' ? known.femtoPerUnit : known;
    if (before !== undefined && before !== price.femtoPerUnit)
      throw new EntryFault(`two prices for ${quantity} of ${serviceTier}`);
    if (before !== undefined) return;
    if (price.tokens === 0) row.base = price.femtoPerUnit;
    else row.above.push(price);
  }

  /** The rows; those with a price above a length and none below it are left out and told by name (`batch cached_input`). */
  tablesOf(leaveOut: (row: string) => void): ImportedModel['prices'] {
    const prices: Partial<Record<ServiceTier, ImportedTable>> = {};
    for (const [tier, rows] of this.tables) {
      const table: ImportedTable = {};
      for (const [quantity, { base, above }] of rows)
        if (base === undefined) leaveOut(`${tier} ${quantity}`);
        else table[quantity] = { femtoPerUnit: base, aboveContext: above.toSorted(byTokens) };
      if (Object.keys(table).length > 0) prices[tier] = withDerived(table);
    }
    return prices;
  }

  private rowOf(serviceTier: ServiceTier, quantity: Quantity): Row {
    const table = this.tables.get(serviceTier) ?? new Map<Quantity, Row>();
    this.tables.set(serviceTier, table);
    const row = table.get(quantity) ?? { base: undefined, above: [] };
    table.set(quantity, row);
    return row;
  }
}

function byTokens(left: ContextPrice, right: ContextPrice): number {
  return left.tokens - right.tokens;
}

// Rows that lists leave to be understood: reasoning is output, and a cached token without a price of its own is input.
function withDerived(table: ImportedTable): ImportedTable {
  const { input, output } = table;
  return {
    ...(input && { cached_input: input }),
    ...(output && { reasoning: output }),
    ...table,
  };
}
