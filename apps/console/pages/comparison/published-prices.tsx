// What other providers publish for a model like ours, for anyone: the price, the list that it is from with its day, and how the
// model was matched. The own price stands first, in the same columns.
import { useQuery } from '@tanstack/react-query';
import { useChangeSearch, useSearchText } from '../../app/search.js';
import { firstListedQuery, listedPricesQuery } from '../../data/billing-queries.js';
import { publishedQuery } from '../../data/queries.js';
import type { ListedModel } from '../../data/billing-types.js';
import { inOrder, listedPrice } from '../../domain/listed-prices.js';
import { modelsByStatus, type Published } from '../../domain/published.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Choice } from '../../parts/choice.js';
import { Name, Price } from '../../parts/figure.js';
import { Empty, Loaded, Waiting } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';
import { Nothing, PriceCell, TEXT_PRICES } from '../pricing/cells.js';
import { ListOf } from './list-of.js';

export function PublishedPrices() {
  const query = useQuery(publishedQuery);
  return (
    <Loaded query={query} part="published" lines={8}>
      {(document) => <OfModel document={document} />}
    </Loaded>
  );
}

function OfModel({ document }: { readonly document: Published }) {
  const { t } = useLanguage();
  const change = useChangeSearch();
  const asked = useSearchText()['model'];
  const priced = modelsByStatus(document).offered.filter(
    (id) => document.models[id]?.prices['on_demand']?.['input'] !== undefined,
  );
  const known = priced.find((id) => id === asked);
  // Without a wish a first visit shows something: a model that others have too.
  const first = useQuery({
    ...firstListedQuery(priced),
    enabled: known === undefined && priced.length > 0,
  });
  const model = known ?? first.data ?? priced[0];
  if (known === undefined && first.isLoading) return <Waiting lines={8} />;
  if (model === undefined) return <Empty>{t('comparison.no_models')}</Empty>;
  return (
    <Section title={t('comparison.published')} intro={t('comparison.published_intro')}>
      <div className="narrow files">
        <Choice
          label={t('pricing.model')}
          options={priced.map((id) => ({ id, text: id, isName: true }))}
          value={model}
          onChange={(id) => change({ model: id })}
        />
      </div>
      {asked !== undefined && asked !== model && (
        <p className="notice" role="status">
          <T k="comparison.unknown_model" v={{ model: <Name>{asked}</Name> }} />
        </p>
      )}
      <Elsewhere key={model} document={document} model={model} />
    </Section>
  );
}

interface ElsewhereProps {
  readonly document: Published;
  readonly model: string;
}

function Elsewhere({ document, model }: ElsewhereProps) {
  const { t } = useLanguage();
  const query = useQuery(listedPricesQuery(model));
  return (
    <Loaded query={query} part="listed_prices" lines={6}>
      {({ data, price_lists: lists }) =>
        data.length === 0 ? (
          <Empty>
            <T
              k={lists.length === 0 ? 'comparison.no_lists' : 'comparison.no_match'}
              v={{ model: <Name>{model}</Name> }}
            />
          </Empty>
        ) : (
          <>
            <PricesTable document={document} model={model} rows={inOrder(data)} />
            <p className="quiet small source">{t('comparison.as_published')}</p>
          </>
        )
      }
    </Loaded>
  );
}

/** null: the own price. */
type Row = ListedModel | null;

function PricesTable({ document, model, rows }: ElsewhereProps & { rows: readonly ListedModel[] }) {
  const { t, name } = useLanguage();
  const [tier = ''] = Object.keys(document.tiers);
  const columns: readonly Column<Row>[] = [
    {
      id: 'provider',
      head: t('comparison.provider'),
      cell: (row) => (row === null ? t('comparison.us') : <bdi>{row.provider}</bdi>),
    },
    {
      id: 'model',
      head: t('comparison.matched'),
      cell: (row) => (
        <>
          <Name>{row?.matched_model ?? model}</Name>
          {row?.match && <span className="quiet small detail">{name('match', row.match)}</span>}
        </>
      ),
    },
    ...TEXT_PRICES.map((pool): Column<Row> => ({
      id: pool,
      head: name('price', pool),
      isNumber: true,
      cell: (row) =>
        row === null ? (
          <PriceCell document={document} tier={tier} model={model} pool={pool} />
        ) : (
          <TheirPrice row={row} pool={pool} />
        ),
    })),
    {
      id: 'source',
      head: t('comparison.source'),
      cell: (row) =>
        row === null ? (
          <a href="/.well-known/inference-limits.json">
            <bdi>inference-limits.json</bdi>
          </a>
        ) : (
          <ListOf list={row} />
        ),
    },
  ];
  return (
    <Table
      label={t('comparison.published')}
      className="compared"
      rows={[null, ...rows]}
      keyOf={(row) => `${row?.provider} ${row?.matched_model} ${row?.source}`}
      columns={columns}
    />
  );
}

function TheirPrice({ row, pool }: { readonly row: ListedModel; readonly pool: string }) {
  const { f } = useLanguage();
  const price = listedPrice(row.prices, pool);
  if (!price) return <Nothing />;
  return (
    <>
      <Price exact={price.price_per_million} currency={row.currency} />
      {price.above_context.map(({ tokens, price_per_million: above }) => (
        <span key={String(tokens)} className="quiet small detail">
          <T
            k="comparison.above"
            v={{
              tokens: f.count(tokens),
              price: <Price exact={above} currency={row.currency} />,
            }}
          />
        </span>
      ))}
    </>
  );
}
