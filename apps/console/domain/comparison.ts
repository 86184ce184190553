// A month's usage at other providers, one own model at a time.

export interface PricedElsewhere {
  readonly model: string;
  readonly own_exact: string;
}

export interface ModelComparison<Row> {
  readonly model: string;
  readonly own_exact: string;
  readonly rows: readonly Row[];
}

/** Rows grouped by own model; models and rows in the order in which the API gives them: the cheapest first. */
export function byModel<Row extends PricedElsewhere>(rows: readonly Row[]): ModelComparison<Row>[] {
  return [...Map.groupBy(rows, ({ model }) => model)].map(([model, own]) => ({
    model,
    own_exact: own[0]?.own_exact ?? '0',
    rows: own,
  }));
}
