// The dashboard: the current plan first and largest, then whether anything is about to stop, then what it costs, then why.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrganization } from '../app/organization.js';
import { limitsQuery, spendQuery } from '../data/queries.js';
import { useLanguage } from '../i18n/language.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Section } from '../parts/section.js';
import { CostByModel } from './dashboard/cost-by-model.js';
import { LimitsNow } from './dashboard/limits-now.js';
import { PlanNow } from './dashboard/plan-now.js';
import { SpendNow } from './dashboard/spend-now.js';
import { TokensChart } from './dashboard/tokens-chart.js';
import { UpgradeEffect } from './dashboard/upgrade-effect.js';
import { keepOrganization } from './keep-organization.js';

export function DashboardPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  if (organization === undefined) return <Empty>{t('dashboard.no_organization')}</Empty>;
  // Another organization starts from nothing: no number of the one before is ever shown under the new name.
  return <Dashboard key={organization} organization={organization} />;
}

function Dashboard({ organization }: { readonly organization: string }) {
  const { t } = useLanguage();
  const limits = useQuery(limitsQuery(organization));
  const spend = useQuery(spendQuery(organization));
  return (
    <div className="page dashboard">
      <div className="first">
        <div>
          <Loaded query={limits} part="limits" lines={4}>
            {({ plan }) => <PlanNow plan={plan} currency={spend.data?.currency ?? 'USD'} />}
          </Loaded>
        </div>
        <div>
          <Loaded query={spend} part="spend" lines={4}>
            {(data) => <SpendNow spend={data} plan={limits.data?.plan} />}
          </Loaded>
        </div>
      </div>
      <Section
        title={t('dashboard.limits')}
        aside={
          <Link to="/limits" search={keepOrganization}>
            {t('dashboard.all_limits')}
          </Link>
        }
      >
        <Loaded query={limits} part="limits" lines={5}>
          {(data) => <LimitsNow limits={data} organization={organization} />}
        </Loaded>
      </Section>
      <TokensChart organization={organization} />
      <CostByModel organization={organization} />
      {limits.data && <UpgradeEffect limits={limits.data} spend={spend.data} />}
    </div>
  );
}
