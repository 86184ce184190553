// What will it cost? Month to date, forecast and limit in one look; held, alerts and a block in words.
import { Link } from '@tanstack/react-router';
import { parseMoney } from '#libs/money/money.js';
import type { Plan, Spend } from '../../data/types.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Instant, Money, Percent } from '../../parts/figure.js';
import { Meter } from '../../parts/meter.js';
import { keepOrganization } from '../keep-organization.js';

interface SpendNowProps {
  readonly spend: Spend;
  readonly plan: Plan | undefined;
}

export function SpendNow({ spend, plan }: SpendNowProps) {
  const { t, d } = useLanguage();
  const { currency } = spend;
  return (
    <>
      <p className="overline">{t('spend.month', { month: d.month(spend.period.from) })}</p>
      <p className="spent">
        <Money exact={spend.spent_exact} currency={currency} of="spend.spent_exact" />
        {spend.forecast !== null && (
          <span className="quiet forecast">
            <T
              k="spend.forecast"
              v={{
                forecast: <Money exact={spend.forecast} currency={currency} of="spend.forecast" />,
              }}
            />
          </span>
        )}
      </p>
      <AgainstLimit spend={spend} />
      <p>
        <T
          k="spend.held"
          v={{ held: <Money exact={spend.held_exact} currency={currency} of="spend.held_exact" /> }}
        />
        {' · '}
        <span className={spend.blocked ? 'blocked' : ''}>
          {t(spend.blocked ? 'spend.blocked' : 'spend.open')}
        </span>
      </p>
      {plan?.usage === 'free' && spend.list_exact !== undefined && (
        <p className="quiet">
          <T
            k="spend.free"
            v={{
              list: <Money exact={spend.list_exact} currency={currency} of="spend.list_exact" />,
            }}
          />
        </p>
      )}
      <Alerts spend={spend} />
    </>
  );
}

function AgainstLimit({ spend }: { readonly spend: Spend }) {
  const { t, f } = useLanguage();
  const { limit, currency, mode } = spend;
  if (limit === null)
    return (
      <p className="quiet">
        {t('spend.no_limit')}{' '}
        <Link to="/settings" search={keepOrganization}>
          {t('spend.set_limit')}
        </Link>
      </p>
    );
  return (
    <>
      <Meter
        used={parseMoney(spend.spent_exact) + parseMoney(spend.held_exact)}
        limit={parseMoney(limit)}
        label={t('spend.meter')}
        valueText={t('spend.meter_text', {
          spent: f.money(spend.spent_exact, currency),
          limit: f.money(limit, currency),
        })}
        tall
      />
      <p>
        <T
          k={mode === 'soft' ? 'spend.of_soft' : 'spend.of_hard'}
          v={{
            limit: <Money exact={limit} currency={currency} of="spend.limit" />,
            remaining: (
              <Money
                exact={spend.remaining_exact ?? '0'}
                currency={currency}
                of="spend.remaining_exact"
              />
            ),
          }}
        />
      </p>
    </>
  );
}

function Alerts({ spend }: { readonly spend: Spend }) {
  const { t } = useLanguage();
  if (spend.alerts.length === 0) return null;
  return (
    <ul className="inline-list alerts" aria-label={t('spend.alerts')}>
      {spend.alerts.map(({ percent, reached_at: at }) => {
        const shown = <Percent value={percent} of={`spend.alerts.${percent}`} />;
        return (
          <li key={String(percent)} className={at === null ? '' : 'reached'}>
            {at === null ? (
              <T k="spend.alert_ahead" v={{ percent: shown }} />
            ) : (
              <T
                k="spend.alert_reached"
                v={{
                  percent: shown,
                  at: <Instant at={at} of={`spend.alerts.${percent}.reached_at`} />,
                }}
              />
            )}
          </li>
        );
      })}
    </ul>
  );
}
