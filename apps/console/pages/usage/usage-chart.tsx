// The usage of a view as a chart, with the code of charts loaded when one is shown.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { publishedQuery, type UsageRows } from '../../data/queries.js';
import { colorsOf } from '../../domain/colors.js';
import { largest, type SeriesTable, seriesOf } from '../../domain/series.js';
import { bucketStarts, instantText, rangeOf, type UsageView } from '../../domain/usage-view.js';
import { useLanguage } from '../../i18n/language.js';
import { Empty, Loaded, Waiting } from '../../parts/loaded.js';
import type { BucketNames } from '../../parts/bar-plot.js';
import { usageOfView } from './usage-of-view.js';

const StackedChart = lazy(async () => ({
  default: (await import('../../parts/stacked-chart.js')).StackedChart,
}));

interface UsageChartProps {
  readonly organization: string;
  readonly view: UsageView;
  /** What stands below the chart, from the same rows. */
  readonly below?: (table: SeriesTable, rows: UsageRows) => React.ReactNode;
}

export function UsageChart({ organization, view, below }: UsageChartProps) {
  const query = useQuery(usageOfView(organization, view, Date.now()));
  return (
    <Loaded query={query} part="usage" lines={7}>
      {(rows) => <Drawn rows={rows} view={view} below={below} />}
    </Loaded>
  );
}

interface DrawnProps extends Pick<UsageChartProps, 'view' | 'below'> {
  readonly rows: UsageRows;
}

function Drawn({ rows, view, below }: DrawnProps) {
  const { t, name } = useLanguage();
  const table = useTable(rows, view);
  const parts = useParts(table, view);
  const names = useBucketNames(table, view);
  if (table.series.length === 0) return <Empty>{t('usage.empty')}</Empty>;
  const label = t('usage.chart', {
    measure: name('measure', view.split === 'pool' ? 'tokens' : view.measure),
    split: name('split', view.split),
    span: name('span', view.span),
  });
  return (
    <>
      <Suspense fallback={<Waiting lines={7} />}>
        <StackedChart label={label} parts={parts} totals={table.totals} names={names} />
      </Suspense>
      {below?.(table, rows)}
    </>
  );
}

function useTable({ rows }: UsageRows, view: UsageView): SeriesTable {
  const { span, window, split, measure } = view;
  return useMemo(() => {
    const starts = bucketStarts(rangeOf(span, Date.now()), window);
    return seriesOf(rows, starts, { split, measure });
  }, [rows, span, window, split, measure]);
}

function useParts(table: SeriesTable, view: UsageView) {
  const { t, name } = useLanguage();
  const { data: document } = useQuery(publishedQuery);
  return useMemo(() => {
    const shown = largest(table, 8);
    const known = view.split === 'model' ? Object.keys(document?.models ?? {}) : [];
    const named = shown.flatMap(({ key }) => key ?? []);
    const colors = colorsOf(named, known);
    return shown.map(({ key, values, total }) => ({
      id: key ?? '…others',
      title: key === null ? t('usage.others') : partName(view, key, { t, name }),
      color: key === null ? null : (colors[named.indexOf(key)] ?? 0),
      values,
      total,
    }));
  }, [table, view, document, t, name]);
}

/** What a part is called: pools and tiers in the reader's words, models and keys by their names. */
export function partName(
  view: Pick<UsageView, 'split'>,
  key: string,
  { t, name }: Pick<ReturnType<typeof useLanguage>, 't' | 'name'>,
): string {
  if (key === '') return t('usage.unnamed');
  if (view.split === 'pool') return name('measure', key);
  return view.split === 'service_tier' ? name('service_tier', key) : key;
}

function useBucketNames({ starts }: SeriesTable, { window }: UsageView): BucketNames {
  const { d } = useLanguage();
  return useMemo(() => {
    const textOf = (index: number): string => instantText(starts[index] ?? 0);
    const isLong = starts.length > 48;
    const hours = { long: d.time, short: isLong ? d.dayTick : d.hourTick };
    const days = { long: (text: string) => `${d.utcDay(text)} UTC`, short: d.utcTick };
    const named = { hour: hours, day: days, month: { long: d.month, short: d.monthTick } }[window];
    return {
      count: starts.length,
      long: (index) => named.long(textOf(index)),
      short: (index) => named.short(textOf(index)),
    };
  }, [starts, window, d]);
}
