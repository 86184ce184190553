// The numbers behind the chart: totals of each part, and every bucket; and all of it as CSV.
import { MOST_ROWS, type UsageRows } from '../../data/queries.js';
import { largest, type SeriesTable, seriesCsv } from '../../domain/series.js';
import { instantText, type UsageView } from '../../domain/usage-view.js';
import { useLanguage } from '../../i18n/language.js';
import { Count } from '../../parts/figure.js';
import { saveText } from '../../parts/save-file.js';
import { Table } from '../../parts/table.js';
import { partName } from './usage-chart.js';

interface UsageTablesProps {
  readonly table: SeriesTable;
  readonly rows: UsageRows;
  readonly view: UsageView;
}

export function UsageTables({ table, rows, view }: UsageTablesProps) {
  const { t, f } = useLanguage();
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
      <details>
        <summary>{t('usage.table')}</summary>
        <BucketTable table={table} view={view} />
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
  const places = table.starts.map((_, index) => index).toReversed();
  return (
    <Table
      label={t('usage.table')}
      rows={places}
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
  );
}
