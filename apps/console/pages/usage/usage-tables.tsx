// The numbers behind the chart: totals of each part, and every bucket; and all of it as CSV.
import { MOST_ROWS, type UsageRows } from '../../data/queries.js';
import { largest, type SeriesTable, seriesCsv } from '../../domain/series.js';
import { instantText, type UsageView } from '../../domain/usage-view.js';
import { useLanguage } from '../../i18n/language.js';
import { Count } from '../../parts/figure.js';
import { saveText } from '../../parts/save-file.js';
import { TableBox } from '../../parts/section.js';
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
    <TableBox label={t('usage.table')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('usage.time')}</th>
            {shown.map(({ key }) => (
              <th key={key ?? '…'} scope="col" className="number">
                <bdi>{key === null ? t('usage.others') : partName(view, key, { t, name })}</bdi>
              </th>
            ))}
            <th scope="col" className="number">
              {t('usage.total')}
            </th>
          </tr>
        </thead>
        <tbody>
          {places.map((index) => (
            <tr key={index}>
              <th scope="row">{timeOf(table.starts[index] ?? 0)}</th>
              {shown.map(({ key, values }) => (
                <td key={key ?? '…'} className="number">
                  <Count value={values[index] ?? 0n} />
                </td>
              ))}
              <td className="number">
                <Count value={table.totals[index] ?? 0n} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
