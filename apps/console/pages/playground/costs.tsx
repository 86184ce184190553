// The cost of the playground's request on each plan, and how one request adds up.
import { parseMoney } from '#libs/money/money.js';
import { costsByTier, type Playground, type TierCost } from '../../domain/playground.js';
import type { Published } from '../../domain/published.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Femto, Price } from '../../parts/figure.js';
import { Section, TableBox } from '../../parts/section.js';

interface CostsProps {
  readonly document: Published;
  readonly playground: Playground;
}

export function Costs({ document, playground }: CostsProps) {
  const { t } = useLanguage();
  const costs = costsByTier(document, playground);
  const listed = costs.find(({ tier }) => document.tiers[tier]?.usage === 'metered') ?? costs[0];
  return (
    <div>
      <Section title={t('playground.costs')} intro={t('playground.month_note')}>
        <TableBox label={t('playground.costs')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('pricing.tier')}</th>
                <th scope="col" className="number">
                  {t('playground.per_request')}
                </th>
                <th scope="col" className="number">
                  {t('playground.per_month')}
                </th>
                <th scope="col" className="number">
                  {t('playground.you_pay')}
                </th>
              </tr>
            </thead>
            <tbody>
              {costs.map((cost) => (
                <TierRow key={cost.tier} document={document} cost={cost} />
              ))}
            </tbody>
          </table>
        </TableBox>
      </Section>
      {listed && <PoolParts document={document} cost={listed} />}
    </div>
  );
}

function TierRow({ document, cost }: { readonly document: Published; readonly cost: TierCost }) {
  const { t } = useLanguage();
  const terms = document.tiers[cost.tier];
  const { currency } = document;
  const fee = terms?.monthly_fee == null ? 0n : parseMoney(terms.monthly_fee);
  const isFree = terms?.usage === 'free';
  return (
    <tr>
      <th scope="row">
        <bdi>{terms?.title ?? cost.tier}</bdi>
      </th>
      <td className="number">
        <Femto femto={cost.request.femto} currency={currency} />
      </td>
      <td className="number">
        <Femto femto={cost.monthFemto} currency={currency} />
      </td>
      <td className="number">
        {terms?.usage === 'contract' ? (
          <span className="quiet">{t('tier.by_contract')}</span>
        ) : (
          <strong>
            <Femto femto={isFree ? fee : fee + cost.monthFemto} currency={currency} />
          </strong>
        )}
        {isFree && <div className="quiet small">{t('playground.free_note')}</div>}
      </td>
    </tr>
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
      <TableBox label={t('playground.parts')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('invoice.what')}</th>
              <th scope="col" className="number">
                {t('invoice.quantity')}
              </th>
              <th scope="col" className="number">
                {t('invoice.price')}
              </th>
              <th scope="col" className="number">
                {t('invoice.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {pools.map((part) => (
              <tr key={part.pool}>
                <th scope="row">{name('measure', part.pool)}</th>
                <td className="number">
                  <Count value={part.units} />
                </td>
                <td className="number">
                  {part.price === undefined ? (
                    '—'
                  ) : (
                    <Price exact={part.price} currency={currency} />
                  )}
                </td>
                <td className="number">
                  {part.femto === undefined ? (
                    '—'
                  ) : (
                    <Femto femto={part.femto} currency={currency} />
                  )}
                </td>
              </tr>
            ))}
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
          </tbody>
        </table>
      </TableBox>
    </Section>
  );
}
