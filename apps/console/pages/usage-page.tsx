// Usage by anything, over any span: chart, table and CSV of one view, which the URL holds.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { useOrganization } from '../app/organization.js';
import { useChangeSearch, useSearchText } from '../app/search.js';
import { usageQuery } from '../data/queries.js';
import {
  defaultWindow,
  FILTERS,
  type Filter,
  instantText,
  MEASURES,
  rangeOf,
  type Span,
  SPANS,
  SPLITS,
  type UsageView,
  usageViewOf,
  WINDOWS,
} from '../domain/usage-view.js';
import { readerZone } from '../domain/dates.js';
import { T, useLanguage } from '../i18n/language.js';
import { Choice, Switcher } from '../parts/choice.js';
import { Name } from '../parts/figure.js';
import { Empty } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { UsageChart } from './usage/usage-chart.js';
import { UsageTables } from './usage/usage-tables.js';

const ALL = ' all';

export function UsagePage() {
  const { t, name } = useLanguage();
  const organization = useOrganization();
  const { view, wrong } = usageViewOf(useSearchText());
  if (organization === undefined) return <Empty>{t('dashboard.no_organization')}</Empty>;
  return (
    <Page title={t('usage.title')} intro={t('usage.intro')}>
      {wrong.length > 0 && (
        <p className="notice" role="status">
          <T k="usage.wrong" v={{ what: <Name>{wrong.join(', ')}</Name> }} />
        </p>
      )}
      <Filters organization={organization} view={view} />
      <Section
        title={t('usage.chart', {
          measure: name('measure', view.split === 'pool' ? 'tokens' : view.measure),
          split: name('split', view.split),
          span: name('span', view.span),
        })}
      >
        <UsageChart
          organization={organization}
          view={view}
          below={(table, rows) => <UsageTables table={table} rows={rows} view={view} />}
        />
        <p className="quiet small source">{t('usage.zone', { zone: readerZone() })}</p>
      </Section>
    </Page>
  );
}

/** Words that stand inside a sentence elsewhere begin a choice here. */
function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

interface FiltersProps {
  readonly organization: string;
  readonly view: UsageView;
}

function Filters({ organization, view }: FiltersProps) {
  const { t, name } = useLanguage();
  const change = useChangeSearch();
  const named = (group: string, ids: readonly string[]) =>
    ids.map((id) => ({ id, text: capital(name(group, id)) }));
  return (
    <div className="stack filters">
      <div className="fields">
        <Choice
          label={t('usage.span')}
          options={named('span', SPANS)}
          value={view.span}
          // Another span begins with its own step: hours of a year would be no picture.
          onChange={(span) => change({ span, window: defaultWindow(span as Span) })}
        />
        <Choice
          label={t('usage.measure')}
          options={named('measure', MEASURES)}
          value={view.measure}
          onChange={(measure) => change({ measure })}
        />
        <Choice
          label={t('usage.by')}
          options={named('split', SPLITS)}
          value={view.split}
          onChange={(by) => change({ by })}
        />
        {FILTERS.map((filter) => (
          <FilterChoice key={filter} {...{ organization, view, filter }} />
        ))}
      </div>
      <div className="actions">
        <Switcher
          label={t('usage.window')}
          options={named('window', WINDOWS)}
          value={view.window}
          onChange={(window) => change({ window })}
        />
        {Object.keys(view.filters).length > 0 && (
          <Button
            className="tool text"
            onPress={() => change(Object.fromEntries(FILTERS.map((filter) => [filter, undefined])))}
          >
            {t('usage.clear')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** What there is to choose is what was used in the span; a name from the URL that was not used stays in the list. */
function FilterChoice({ organization, view, filter }: FiltersProps & { readonly filter: Filter }) {
  const { t, name } = useLanguage();
  const change = useChangeSearch();
  const { from, to } = rangeOf(view.span, Date.now());
  const { data } = useQuery(
    usageQuery({
      organization,
      from: instantText(from),
      to: instantText(to),
      group_by: filter,
    }),
  );
  const chosen = view.filters[filter];
  const used = data?.rows.map((row) => row[filter] ?? '') ?? [];
  const ids = [...new Set([...used, ...(chosen === undefined ? [] : [chosen])])].toSorted();
  const textOf = (id: string): string => {
    if (id === '') return t('usage.unnamed');
    return filter === 'service_tier' ? name('service_tier', id) : id;
  };
  return (
    <Choice
      label={name('filter', filter)}
      options={[
        { id: ALL, text: t('usage.all') },
        ...ids.map((id) => ({ id: `=${id}`, text: textOf(id), isName: filter !== 'service_tier' })),
      ]}
      value={chosen === undefined ? ALL : `=${chosen}`}
      onChange={(id) => change({ [filter]: id === ALL ? undefined : id.slice(1) })}
    />
  );
}
