// The reader's own usage of a month at other providers' published prices: what was compared with what, how surely, and how old the
// price is.
import { useQuery } from '@tanstack/react-query';
import { useChangeSearch, useSearchText } from '../../app/search.js';
import { comparisonQuery } from '../../data/billing-queries.js';
import type { Comparison, ComparisonRow } from '../../data/billing-types.js';
import { byModel, type ModelComparison } from '../../domain/comparison.js';
import { lastMonths } from '../../domain/months.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Choice } from '../../parts/choice.js';
import { Money, Name } from '../../parts/figure.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { ListOf } from './list-of.js';

export function OwnUsage({ organization }: { readonly organization: string }) {
  const { t, d } = useLanguage();
  const search = useSearchText();
  const change = useChangeSearch();
  const months = lastMonths(Date.now(), 12);
  const asked = search['period'];
  const month = months.find((one) => one === asked) ?? months[0] ?? '';
  const query = useQuery(comparisonQuery(organization, month));
  return (
    <Section title={t('comparison.own')} intro={t('comparison.own_intro')}>
      <div className="narrow files">
        <Choice
          label={t('comparison.month')}
          options={months.map((id) => ({ id, text: d.month(`${id}-01T00:00:00Z`) }))}
          value={month}
          onChange={(period) => change({ period })}
        />
      </div>
      {asked !== undefined && asked !== month && (
        <p className="notice" role="status">
          <T k="comparison.unknown_month" v={{ period: <Name>{asked}</Name> }} />
        </p>
      )}
      <Loaded query={query} part="comparison" lines={8}>
        {(comparison) => <Compared comparison={comparison} />}
      </Loaded>
    </Section>
  );
}

function Compared({ comparison }: { readonly comparison: Comparison }) {
  const { t } = useLanguage();
  const { data, unmatched, next_cursor } = comparison;
  if (data.length === 0) return <Empty>{t('comparison.none')}</Empty>;
  return (
    <div className="stack apart">
      {byModel(data).map((part) => (
        <OneModel key={part.model} part={part} comparison={comparison} />
      ))}
      {next_cursor !== null && <p className="notice">{t('comparison.cut')}</p>}
      {unmatched.length > 0 && (
        <p className="quiet">
          <T k="comparison.unmatched" v={{ models: <Name>{unmatched.join(', ')}</Name> }} />
        </p>
      )}
    </div>
  );
}

interface OneModelProps {
  readonly part: ModelComparison<ComparisonRow>;
  readonly comparison: Comparison;
}

function OneModel({ part, comparison }: OneModelProps) {
  const { t, name } = useLanguage();
  const { model, own_exact: own, rows } = part;
  const {
    price_lists: lists,
    own: { currency },
  } = comparison;
  // A row names its list; what the list is called and where it is from stands once, beside the rows.
  const listOf = (row: ComparisonRow) =>
    lists?.find(({ source, as_of }) => source === row.source && as_of === row.as_of) ?? row;
  return (
    <div>
      <h3>
        <Name>{model}</Name>
      </h3>
      <p className="intro">
        <T k="comparison.here" v={{ own: <Money exact={own} currency={currency} /> }} />
      </p>
      <Table
        label={model}
        rows={rows}
        keyOf={({ provider, matched_model, source }) => `${provider} ${matched_model} ${source}`}
        columns={[
          {
            id: 'provider',
            head: t('comparison.provider'),
            cell: ({ provider }) => <bdi>{provider}</bdi>,
          },
          {
            id: 'matched',
            head: t('comparison.matched'),
            cell: ({ matched_model, match }) => (
              <>
                <Name>{matched_model}</Name>
                <span className="quiet small detail">{name('match', match)}</span>
              </>
            ),
          },
          {
            id: 'total',
            head: t('comparison.total'),
            isNumber: true,
            cell: (row) => <Total row={row} />,
          },
          {
            id: 'source',
            head: t('comparison.source'),
            cell: (row) => <ListOf list={listOf(row)} />,
          },
        ]}
      />
    </div>
  );
}

/** The sum, and what it leaves out. */
function Total({ row }: { readonly row: ComparisonRow }) {
  const { t, name } = useLanguage();
  const { total_exact: total, currency, unpriced } = row;
  return (
    <>
      <Money exact={total} currency={currency} />
      {unpriced.length > 0 && (
        <span className="quiet small detail">
          {t('comparison.without', {
            pools: unpriced.map(({ pool }) => name('measure', pool)).join(' · '),
          })}
        </span>
      )}
    </>
  );
}
