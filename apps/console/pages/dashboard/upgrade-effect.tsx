// What the next tier would change for this organization, on its own usage. Facts, no offer: it stands last and asks for nothing.
import { useQuery } from '@tanstack/react-query';
import { publishedQuery, usageQuery } from '../../data/queries.js';
import type { Limits, Spend } from '../../data/types.js';
import { listCostOfAll } from '../../domain/cost.js';
import { limitNames, modelsInUse } from '../../domain/model-limits.js';
import { addedFeatures, nextTier, type Published } from '../../domain/published.js';
import { pricedUsage } from '../../domain/priced-usage.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Femto, Money, Name } from '../../parts/figure.js';
import { Loaded } from '../../parts/loaded.js';
import { Section, TableBox } from '../../parts/section.js';
import { LimitCell } from '../pricing/cells.js';

interface UpgradeEffectProps {
  readonly limits: Limits;
  readonly spend: Spend | undefined;
}

export function UpgradeEffect({ limits, spend }: UpgradeEffectProps) {
  const query = useQuery(publishedQuery);
  if (query.data && nextTier(query.data, limits.plan.tier) === undefined) return null;
  return (
    <Loaded query={query} part="published" lines={4}>
      {(document) => (
        <Effect
          document={document}
          next={nextTier(document, limits.plan.tier) ?? ''}
          limits={limits}
          spend={spend}
        />
      )}
    </Loaded>
  );
}

interface EffectProps extends UpgradeEffectProps {
  readonly document: Published;
  readonly next: string;
}

function Effect({ document, next, limits, spend }: EffectProps) {
  const { t, name } = useLanguage();
  const terms = document.tiers[next];
  const current = document.tiers[limits.plan.tier];
  const usage = useMonthUsage(limits.organization, spend);
  if (!terms) return null;
  const rows = usage?.rows ?? [];
  const used = rows.flatMap(({ model }) => model ?? []);
  const models = modelsInUse(limits.models, used);
  return (
    <Section
      title={t('upgrade.title', { tier: terms.title })}
      intro={t(terms.usage === 'contract' ? 'upgrade.contract' : 'upgrade.intro')}
    >
      {spend && usage && terms.usage !== 'contract' && (
        <p>
          <CostThere document={document} next={next} rows={rows} spend={spend} />
        </p>
      )}
      {models.length > 0 && (
        <ComparedLimits document={document} next={next} limits={limits} models={models} />
      )}
      <p className="overline adds">{t('upgrade.adds')}</p>
      <ul className="inline-list">
        {addedFeatures(terms, current).map((feature) => (
          <li key={feature}>{name('feature', feature)}</li>
        ))}
      </ul>
    </Section>
  );
}

function useMonthUsage(organization: string, spend: Spend | undefined) {
  const { data } = useQuery({
    ...usageQuery({
      organization,
      from: spend?.period.from ?? '',
      to: spend?.period.to ?? '',
      group_by: 'model,service_tier,adapter',
    }),
    enabled: spend !== undefined,
  });
  return data;
}

interface CostThereProps {
  readonly document: Published;
  readonly next: string;
  readonly rows: Parameters<typeof pricedUsage>[0];
  readonly spend: Spend;
}

/** The month's own usage at the published prices of the next tier, beside what it costs now. */
function CostThere({ document, next, rows, spend }: CostThereProps) {
  const there = listCostOfAll(document, next, pricedUsage(rows));
  return (
    <T
      k={there.unpriced > 0 ? 'upgrade.cost_partly' : 'upgrade.cost'}
      v={{
        there: <Femto femto={there.femto} currency={document.currency} of="upgrade.there" />,
        now: <Money exact={spend.spent_exact} currency={spend.currency} of="upgrade.now" />,
      }}
    />
  );
}

interface ComparedLimitsProps extends Pick<EffectProps, 'document' | 'next' | 'limits'> {
  readonly models: Limits['models'];
}

function ComparedLimits({ document, next, limits, models }: ComparedLimitsProps) {
  const { t, name } = useLanguage();
  const columns = limitNames(models);
  return (
    <TableBox label={t('upgrade.limits')}>
      <table className="limits">
        <thead>
          <tr>
            <th scope="col">{t('pricing.model')}</th>
            <th scope="col">{t('upgrade.plan')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" className="number">
                {name('limit', column)}
              </th>
            ))}
          </tr>
        </thead>
        {models.map(({ model, limits: own }) => (
          <tbody key={model}>
            <tr>
              <th scope="rowgroup" rowSpan={2}>
                <Name>{model}</Name>
              </th>
              <td className="quiet">{limits.plan.title}</td>
              {columns.map((column) => {
                const limit = own.find((one) => one.name === column)?.limit ?? null;
                return (
                  <td key={column} className="number">
                    {limit === null ? (
                      t('limit.none')
                    ) : (
                      <Count value={limit} of={`upgrade.${model}.${column}.now`} />
                    )}
                  </td>
                );
              })}
            </tr>
            <tr>
              <td className="second">{document.tiers[next]?.title}</td>
              {columns.map((column) => (
                <td key={column} className="number">
                  <LimitCell
                    document={document}
                    tier={next}
                    model={model}
                    limit={column}
                    of={`upgrade.${model}.${column}.there`}
                  />
                </td>
              ))}
            </tr>
          </tbody>
        ))}
      </table>
    </TableBox>
  );
}
