import type { ReactNode } from 'react';
import { Empty } from './loaded.js';
import { TableBox } from './section.js';

export interface Column<Row> {
  readonly id: string;
  readonly head: ReactNode;
  readonly cell: (row: Row, place: number) => ReactNode;
  /** At the end of its column, under a heading that is there too. */
  readonly isNumber?: boolean;
  /** Names its row to a screen reader; where no column says so the first one does. */
  readonly isRowHead?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row, place: number) => string;
  readonly className?: string;
  /** What is said where there are no rows; without it an empty table is one. */
  readonly none?: ReactNode | undefined;
  /** Rows below the others, sums for instance. */
  readonly children?: ReactNode;
}

/** A table of rows that are all made alike: a heading for each column, a row heading in each row. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, className, none, children } = props;
  if (none !== undefined && rows.length === 0) return <Empty>{none}</Empty>;
  const naming = Math.max(
    0,
    columns.findIndex(({ isRowHead }) => isRowHead),
  );
  return (
    <TableBox label={label}>
      <table className={className} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ id, head, isNumber }) => (
              <th key={id} scope="col" className={classOf(isNumber)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, place) => (
            <tr key={keyOf(row, place)}>
              {columns.map(({ id, cell, isNumber }, index) =>
                index === naming ? (
                  <th key={id} scope="row" className={classOf(isNumber)}>
                    {cell(row, place)}
                  </th>
                ) : (
                  <td key={id} className={classOf(isNumber)}>
                    {cell(row, place)}
                  </td>
                ),
              )}
            </tr>
          ))}
          {children}
        </tbody>
      </table>
    </TableBox>
  );
}

function classOf(isNumber = false): string | undefined {
  return isNumber ? 'number' : undefined;
}
