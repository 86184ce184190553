// Money: the invoice that is coming, those that came, and credits.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrganization } from '../app/organization.js';
import { ApiError } from '../data/api.js';
import { upcomingQuery } from '../data/billing-queries.js';
import { useLanguage } from '../i18n/language.js';
import { Money } from '../parts/figure.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { Credits } from './invoices/credits.js';
import { PastInvoices } from './invoices/past-invoices.js';
import { keepOrganization } from './keep-organization.js';

export function InvoicesPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  if (organization === undefined) return <Empty>{t('dashboard.no_organization')}</Empty>;
  return (
    <Page title={t('invoices.title')}>
      <Upcoming organization={organization} />
      <PastInvoices key={organization} organization={organization} />
      <Credits organization={organization} />
    </Page>
  );
}

function Upcoming({ organization }: { readonly organization: string }) {
  const { t, d } = useLanguage();
  const query = useQuery(upcomingQuery(organization));
  const isIssued = query.error instanceof ApiError && query.error.status === 409;
  return (
    <Section
      title={t('invoices.upcoming')}
      aside={
        <Link to="/invoices/upcoming" search={keepOrganization}>
          {t('invoices.to_upcoming')}
        </Link>
      }
    >
      {isIssued && query.data === undefined ? (
        <p>{query.error?.message}</p>
      ) : (
        <Loaded query={query} part="upcoming" lines={2}>
          {(invoice) => (
            <p className="spent">
              <Money
                exact={invoice.amount_due}
                currency={invoice.currency}
                of="upcoming.amount_due"
              />
              <span className="quiet forecast">
                {t('invoices.so_far', { month: d.month(invoice.period.from) })}
              </span>
            </p>
          )}
        </Loaded>
      )}
    </Section>
  );
}
