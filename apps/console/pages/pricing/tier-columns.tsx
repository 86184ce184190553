// The path Free → Developer → Enterprise: what each costs and what it adds to the one before.
import { addedFeatures, type Published, type PublishedTier } from '../../domain/published.js';
import { useLanguage } from '../../i18n/language.js';
import { Price } from '../../parts/figure.js';

export function TierColumns({ document }: { readonly document: Published }) {
  const tiers = Object.entries(document.tiers);
  return (
    <ol className="tiers">
      {tiers.map(([id, tier], place) => (
        <TierColumn
          key={id}
          tier={tier}
          before={tiers[place - 1]?.[1]}
          currency={document.currency}
        />
      ))}
    </ol>
  );
}

interface TierColumnProps {
  readonly tier: PublishedTier;
  readonly before: PublishedTier | undefined;
  readonly currency: string;
}

function TierColumn({ tier, before, currency }: TierColumnProps) {
  const { t, name } = useLanguage();
  return (
    <li>
      <h3>
        <bdi>{tier.title}</bdi>
      </h3>
      <p className="fee">
        {tier.monthly_fee === null ? (
          t('tier.by_contract')
        ) : (
          <>
            <Price exact={tier.monthly_fee} currency={currency} />{' '}
            <span className="quiet">{t('tier.a_month')}</span>
          </>
        )}
      </p>
      <p>{name('tier.usage', tier.usage)}</p>
      {before && <p className="quiet">{t('tier.beyond', { tier: before.title })}</p>}
      <ul className="features">
        {addedFeatures(tier, before).map((feature) => (
          <li key={feature}>{name('feature', feature)}</li>
        ))}
      </ul>
    </li>
  );
}
