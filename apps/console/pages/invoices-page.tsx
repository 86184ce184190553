// Money: the invoice that is coming, those that came, and credits.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useOrganization } from '../app/organization.js';
import { ApiError } from '../data/api.js';
import { invoicesQuery, organizationQuery, upcomingQuery } from '../data/queries.js';
import type { Credit, Invoice } from '../data/types.js';
import { useLanguage } from '../i18n/language.js';
import { Instant, Money, Name } from '../parts/figure.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page, Section, TableBox } from '../parts/section.js';
import { InvoiceFiles } from './invoices/invoice-files.js';
import { keepOrganization } from './keep-organization.js';

export function InvoicesPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  if (organization === undefined) return <Empty>{t('dashboard.no_organization')}</Empty>;
  return (
    <Page title={t('invoices.title')}>
      <Upcoming organization={organization} />
      <Past organization={organization} />
      <Credits organization={organization} />
    </Page>
  );
}

interface OfOrganization {
  readonly organization: string;
}

function Upcoming({ organization }: OfOrganization) {
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

function Past({ organization }: OfOrganization) {
  const { t } = useLanguage();
  const query = useQuery(invoicesQuery(organization));
  return (
    <Section title={t('invoices.past')}>
      <Loaded query={query} part="invoices" lines={4}>
        {({ data }) =>
          data.length === 0 ? <Empty>{t('invoices.none')}</Empty> : <PastTable invoices={data} />
        }
      </Loaded>
    </Section>
  );
}

function PastTable({ invoices }: { readonly invoices: readonly Invoice[] }) {
  const { t, d, name } = useLanguage();
  return (
    <TableBox label={t('invoices.past')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('invoices.number')}</th>
            <th scope="col">{t('invoices.period')}</th>
            <th scope="col">{t('invoices.state')}</th>
            <th scope="col">{t('invoices.issued')}</th>
            <th scope="col">{t('invoices.due')}</th>
            <th scope="col" className="number">
              {t('invoices.total')}
            </th>
            <th scope="col">{t('invoices.files')}</th>
          </tr>
        </thead>
        <tbody>
          {invoices.map((invoice) => (
            <tr key={invoice.number}>
              <th scope="row">
                <Link to={`/invoices/${invoice.number ?? ''}`} search={keepOrganization}>
                  <Name>{invoice.number ?? '—'}</Name>
                </Link>
              </th>
              <td>{d.month(invoice.period.from)}</td>
              <td>{name('state', invoice.state)}</td>
              <td>{invoice.issued_at === null ? '—' : d.utcDay(invoice.issued_at)}</td>
              <td>{invoice.due_at === null ? '—' : d.utcDay(invoice.due_at)}</td>
              <td className="number">
                <Money exact={invoice.total} currency={invoice.currency} />
              </td>
              <td>
                <InvoiceFiles number={invoice.number ?? ''} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function Credits({ organization }: OfOrganization) {
  const { t } = useLanguage();
  const query = useQuery(organizationQuery(organization));
  return (
    <Section title={t('invoices.credits')}>
      <Loaded query={query} part="organization" lines={2}>
        {({ credits, currency }) =>
          credits.length === 0 ? (
            <Empty>{t('invoices.no_credits')}</Empty>
          ) : (
            <CreditsTable credits={credits} currency={currency} />
          )
        }
      </Loaded>
    </Section>
  );
}

interface CreditsTableProps {
  readonly credits: readonly Credit[];
  readonly currency: string;
}

function CreditsTable({ credits, currency }: CreditsTableProps) {
  const { t } = useLanguage();
  return (
    <TableBox label={t('invoices.credits')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('invoices.credit_note')}</th>
            <th scope="col">{t('invoices.granted')}</th>
            <th scope="col">{t('invoices.expires')}</th>
            <th scope="col" className="number">
              {t('invoices.credit_amount')}
            </th>
          </tr>
        </thead>
        <tbody>
          {credits.map(({ id, note, granted_at, expires_at, amount }) => (
            <tr key={id}>
              <th scope="row">
                <bdi>{note ?? id}</bdi>
              </th>
              <td>
                <Instant at={granted_at} dayOnly />
              </td>
              <td>
                {expires_at === null ? t('invoices.never') : <Instant at={expires_at} dayOnly />}
              </td>
              <td className="number">
                <Money exact={amount} currency={currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
