// The numbers behind the chart: totals of each part, and every bucket; and all of it as CSV.
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { MOST_ROWS, type UsageRows } from '../../data/queries.js';
import { largest, type SeriesTable, seriesCsv } from '../../domain/series.js';
import { instantText, type UsageView } from '../../domain/usage-view.js';
import { useLanguage } from '../../i18n/language.js';
import { Count } from '../../parts/figure.js';
import { saveText } from '../../parts/save-file.js';
import { Table } from '../../parts/table.js';
import { partName } from './usage-chart.js';

/** So many buckets are shown at first, and so many more at each press. */
const ROWS = 100;

interface UsageTablesProps {
  readonly table: SeriesTable;
  readonly rows: UsageRows;
  readonly view: UsageView;
}

export function UsageTables({ table, rows, view }: UsageTablesProps) {
  const { t, f } = useLanguage();
  // A month of hours is thousands of cells: none of them before somebody looks.
  const [isOpen, setOpen] = useState(false);
  const measure = view.split === 'pool' ? 'tokens' : view.measure;
  const save = (): void =>
    saveText(
      `usage-${view.span}-${view.split}.csv`,
      'text/csv',
      seriesCsv(table, ['from', view.split, measure]),
    );
  return (
    <>
      {!rows.isWhole && (
        <p className="notice" role="status">
          {t('usage.cut', { count: f.count(BigInt(MOST_ROWS)) })}
        </p>
      )}
      <p className="actions files">
        <button type="button" className="button" onClick={save}>
          {t('usage.csv')}
        </button>
      </p>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t('usage.table')}</summary>
        {isOpen && <BucketTable table={table} view={view} />}
      </details>
    </>
  );
}

function BucketTable({ table, view }: Pick<UsageTablesProps, 'table' | 'view'>) {
  const { t, d, name } = useLanguage();
  const shown = largest(table, 8);
  const timeOf = (at: number): string => {
    const text = instantText(at);
    if (view.window === 'hour') return d.time(text);
    return view.window === 'day' ? d.utcDay(text) : d.month(text);
  };
  const [rows, setRows] = useState(ROWS);
  const places = table.starts.map((_, index) => index).toReversed();
  return (
    <>
      <Table
        label={t('usage.table')}
        rows={places.slice(0, rows)}
        keyOf={String}
        columns={[
          {
            id: 'time',
            head: t('usage.time'),
            cell: (index) => timeOf(table.starts[index] ?? 0),
          },
          ...shown.map(({ key, values }) => ({
            id: key ?? '…others',
            head: <bdi>{key === null ? t('usage.others') : partName(view, key, { t, name })}</bdi>,
            isNumber: true,
            cell: (index: number) => <Count value={values[index] ?? 0n} />,
          })),
          {
            id: '…total',
            head: t('usage.total'),
            isNumber: true,
            cell: (index) => <Count value={table.totals[index] ?? 0n} />,
          },
        ]}
      />
      {rows < places.length && (
        <p className="files">
          <Button className="button" onPress={() => setRows(rows + ROWS)}>
            {t('usage.older')}
          </Button>
        </p>
      )}
    </>
  );
}
