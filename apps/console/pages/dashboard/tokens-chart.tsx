// Tokens of the last 30 days by model; the usage page shows the same with every choice.
import { Link } from '@tanstack/react-router';
import { useLanguage } from '../../i18n/language.js';
import { Section } from '../../parts/section.js';
import { usageViewOf } from '../../domain/usage-view.js';
import { keepOrganization } from '../keep-organization.js';
import { UsageChart } from '../usage/usage-chart.js';

export function TokensChart({ organization }: { readonly organization: string }) {
  const { t } = useLanguage();
  return (
    <Section
      title={t('dashboard.tokens')}
      aside={
        <Link to="/usage" search={keepOrganization}>
          {t('dashboard.to_usage')}
        </Link>
      }
    >
      <UsageChart organization={organization} view={usageViewOf({}).view} />
    </Section>
  );
}
