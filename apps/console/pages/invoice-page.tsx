// One invoice, issued or upcoming, line by line; each usage line opens the events that it counts.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button } from 'react-aria-components/Button';
import { useOrganization } from '../app/organization.js';
import { ApiError } from '../data/api.js';
import { invoiceQuery, upcomingQuery } from '../data/billing-queries.js';
import type { Invoice } from '../data/billing-types.js';
import { useLanguage } from '../i18n/language.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page } from '../parts/section.js';
import { CreditNotes } from './invoices/credit-notes.js';
import { InvoiceFacts } from './invoices/invoice-facts.js';
import { InvoiceFiles } from './invoices/invoice-files.js';
import { InvoiceLines } from './invoices/invoice-lines.js';
import { Totals } from './invoices/totals.js';
import { Verification } from './invoices/verification.js';
import { keepOrganization } from './keep-organization.js';

export function UpcomingInvoicePage() {
  const { t, d } = useLanguage();
  const organization = useOrganization();
  const query = useQuery({
    ...upcomingQuery(organization ?? ''),
    enabled: organization !== undefined,
  });
  const month = query.data ? d.month(query.data.period.from) : '…';
  if (organization === undefined) return <Empty>{t('dashboard.no_organization')}</Empty>;
  return (
    <Page title={t('invoice.upcoming_title', { month })} intro={t('invoice.live')}>
      <Loaded query={query} part="upcoming" lines={10}>
        {(invoice) => <Document invoice={invoice} />}
      </Loaded>
    </Page>
  );
}

export function InvoicePage() {
  const { t } = useLanguage();
  const { number = '' } = useParams({ strict: false }) as { number?: string };
  const query = useQuery(invoiceQuery(number));
  const { error, data } = query;
  if (error instanceof ApiError && [400, 404].includes(error.status))
    return (
      <Page title={t('invoice.title', { number })}>
        <p className="notice section" role="alert">
          {error.message}
        </p>
        <p className="source">
          <Link to="/invoices" search={keepOrganization}>
            {t('invoice.to_all')}
          </Link>
        </p>
      </Page>
    );
  return (
    <Page
      title={t('invoice.title', { number })}
      aside={
        data && (
          <span className="actions">
            <InvoiceFiles number={number} />
            <Button className="link-button" onPress={() => globalThis.print()}>
              {t('invoice.print')}
            </Button>
          </span>
        )
      }
    >
      <Loaded query={query} part="invoices" lines={10}>
        {(invoice) => <Issued invoice={invoice} number={number} />}
      </Loaded>
    </Page>
  );
}

function Issued({ invoice, number }: { readonly invoice: Invoice; readonly number: string }) {
  return (
    <>
      <InvoiceFacts invoice={invoice} />
      <Document invoice={invoice} />
      <CreditNotes organization={invoice.organization} invoice={number} />
      <Verification key={number} number={number} />
    </>
  );
}

function Document({ invoice }: { readonly invoice: Invoice }) {
  const { t, f, name } = useLanguage();
  const suspense = invoice.suspense ?? [];
  return (
    <>
      {suspense.length > 0 && (
        <div className="notice section">
          <p>{t('invoice.suspense')}</p>
          <ul>
            {suspense.map(({ model, pool, quantity }) => (
              <li key={`${model} ${pool}`}>
                <bdi>{model}</bdi> · {name('measure', pool)} · {f.count(quantity)}
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="section">
        {invoice.lines.length === 0 ? (
          <Empty>{t('dashboard.no_cost')}</Empty>
        ) : (
          <>
            <InvoiceLines invoice={invoice} />
            <Totals invoice={invoice} />
          </>
        )}
      </div>
      <p className="quiet small source">{t('invoice.utc')}</p>
    </>
  );
}
