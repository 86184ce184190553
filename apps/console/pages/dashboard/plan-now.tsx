// What am I on? The plan's name is the largest text of the page.
import type { Plan } from '../../data/types.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Instant, Money } from '../../parts/figure.js';

export function PlanNow({ plan, currency }: { readonly plan: Plan; readonly currency: string }) {
  const { t, name } = useLanguage();
  return (
    <>
      <p className="overline">{t('plan.current')}</p>
      <h1 className="plan" data-of="plan.title">
        <bdi>{plan.title}</bdi>
      </h1>
      <p className="plan-terms">
        {plan.usage && <span>{name('tier.usage', plan.usage)}</span>}
        <span>
          {plan.monthly_fee === null ? (
            t('tier.by_contract')
          ) : (
            <T
              k="plan.fee"
              v={{
                fee: <Money exact={plan.monthly_fee} currency={currency} of="plan.monthly_fee" />,
              }}
            />
          )}
        </span>
        <span>
          <T k="plan.since" v={{ since: <Instant at={plan.since} dayOnly of="plan.since" /> }} />
        </span>
      </p>
      {plan.next && (
        <p className="notice">
          <T
            k="plan.next"
            v={{ tier: <bdi>{plan.next.tier}</bdi>, from: <Instant at={plan.next.from} /> }}
          />
        </p>
      )}
      <ul className="inline-list">
        {plan.features.map((feature) => (
          <li key={feature}>{name('feature', feature)}</li>
        ))}
      </ul>
    </>
  );
}
