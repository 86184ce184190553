// The cost of the playground's request on each plan, and how one request adds up.
import { parseMoney } from '#libs/money/money.js';
import {
  costsByTier,
  type Playground,
  shortLimits,
  type TierCost,
} from '../../domain/playground.js';
import type { Published } from '../../domain/published.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Femto, Price } from '../../parts/figure.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';

interface CostsProps {
  readonly document: Published;
  readonly playground: Playground;
}

export function Costs({ document, playground }: CostsProps) {
  const { t } = useLanguage();
  const { currency } = document;
  const costs = costsByTier(document, playground);
  const listed = costs.find(({ tier }) => document.tiers[tier]?.usage === 'metered') ?? costs[0];
  return (
    <div>
      <Section title={t('playground.costs')} intro={t('playground.month_note')}>
        <Table
          label={t('playground.costs')}
          rows={costs}
          keyOf={({ tier }) => tier}
          columns={[
            {
              id: 'tier',
              head: t('pricing.tier'),
              cell: ({ tier }) => <bdi>{document.tiers[tier]?.title ?? tier}</bdi>,
            },
            {
              id: 'request',
              head: t('playground.per_request'),
              isNumber: true,
              cell: ({ request }) => <Femto femto={request.femto} currency={currency} />,
            },
            {
              id: 'month',
              head: t('playground.per_month'),
              isNumber: true,
              cell: ({ monthFemto }) => <Femto femto={monthFemto} currency={currency} />,
            },
            {
              id: 'pay',
              head: t('playground.you_pay'),
              isNumber: true,
              cell: (cost) => <YouPay document={document} cost={cost} />,
            },
          ]}
        />
        <ShortLimits document={document} playground={playground} />
      </Section>
      {listed && <PoolParts document={document} cost={listed} />}
    </div>
  );
}

/** Where this use would be stopped: said before anyone chooses a plan by its price alone. */
function ShortLimits({ document, playground }: CostsProps) {
  const short = Object.entries(document.tiers).flatMap(([tier, { title }]) =>
    shortLimits(document, tier, playground).map((limit) => ({ ...limit, title })),
  );
  const { name } = useLanguage();
  if (short.length === 0) return null;
  return (
    <ul className="quiet files">
      {short.map(({ title, name: limit, limit: most, asked }) => (
        <li key={`${title} ${limit}`}>
          <T
            k="playground.limit_note"
            v={{
              tier: <bdi>{title}</bdi>,
              name: name('limit', limit),
              limit: <Count value={most} />,
              asked: <Count value={asked} />,
            }}
          />
        </li>
      ))}
    </ul>
  );
}

function YouPay({ document, cost }: { readonly document: Published; readonly cost: TierCost }) {
  const { t } = useLanguage();
  const terms = document.tiers[cost.tier];
  const fee = terms?.monthly_fee == null ? 0n : parseMoney(terms.monthly_fee);
  const isFree = terms?.usage === 'free';
  if (terms?.usage === 'contract') return <span className="quiet">{t('tier.by_contract')}</span>;
  return (
    <>
      <strong>
        <Femto femto={isFree ? fee : fee + cost.monthFemto} currency={document.currency} />
      </strong>
      {isFree && <div className="quiet small">{t('playground.free_note')}</div>}
    </>
  );
}

function PoolParts({ document, cost }: { readonly document: Published; readonly cost: TierCost }) {
  const { t, name } = useLanguage();
  const { pools, unpriced, femto } = cost.request;
  const { currency } = document;
  return (
    <Section title={t('playground.parts')}>
      {unpriced.length > 0 && (
        <p className="notice" role="status">
          {t('playground.unpriced', {
            pools: unpriced.map((pool) => name('measure', pool)).join(', '),
          })}
        </p>
      )}
      <Table
        label={t('playground.parts')}
        rows={pools}
        keyOf={({ pool }) => pool}
        columns={[
          { id: 'pool', head: t('invoice.what'), cell: ({ pool }) => name('measure', pool) },
          {
            id: 'units',
            head: t('invoice.quantity'),
            isNumber: true,
            cell: ({ units }) => <Count value={units} />,
          },
          {
            id: 'price',
            head: t('invoice.price'),
            isNumber: true,
            cell: ({ price }) =>
              price === undefined ? '—' : <Price exact={price} currency={currency} />,
          },
          {
            id: 'amount',
            head: t('invoice.amount'),
            isNumber: true,
            cell: (part) =>
              part.femto === undefined ? '—' : <Femto femto={part.femto} currency={currency} />,
          },
        ]}
      >
        <tr>
          <th scope="row">{t('invoice.total')}</th>
          <td />
          <td />
          <td className="number">
            <strong>
              <Femto femto={femto} currency={currency} />
            </strong>
          </td>
        </tr>
      </Table>
    </Section>
  );
}
