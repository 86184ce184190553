// One invoice, issued or upcoming, line by line; each usage line opens the events that it counts.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useOrganization } from '../app/organization.js';
import { ApiError } from '../data/api.js';
import { invoiceQuery, upcomingQuery } from '../data/queries.js';
import type { Invoice } from '../data/types.js';
import { useLanguage } from '../i18n/language.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page } from '../parts/section.js';
import { InvoiceFiles } from './invoices/invoice-files.js';
import { InvoiceLines } from './invoices/invoice-lines.js';

export function UpcomingInvoicePage() {
  const { t, d } = useLanguage();
  const organization = useOrganization();
  const query = useQuery({
    ...upcomingQuery(organization ?? ''),
    enabled: organization !== undefined,
  });
  const month = query.data ? d.month(query.data.period.from) : '…';
  return (
    <Page title={t('invoice.upcoming_title', { month })} intro={t('invoice.live')}>
      <Loaded query={query} part="upcoming" lines={10}>
        {(invoice) => <Document invoice={invoice} />}
      </Loaded>
    </Page>
  );
}

export function InvoicePage() {
  const { t, name } = useLanguage();
  const { number = '' } = useParams({ strict: false }) as { number?: string };
  const query = useQuery(invoiceQuery(number));
  const isGone = query.error instanceof ApiError && query.error.status === 404;
  return (
    <Page
      title={t('invoice.title', { number })}
      intro={query.data && name('state', query.data.state)}
      aside={query.data && <InvoiceFiles number={number} />}
    >
      {isGone ? (
        <p className="notice section" role="alert">
          {query.error?.message}
        </p>
      ) : (
        <Loaded query={query} part="invoices" lines={10}>
          {(invoice) => <Document invoice={invoice} />}
        </Loaded>
      )}
    </Page>
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
          <InvoiceLines invoice={invoice} />
        )}
      </div>
      <p className="quiet small source">{t('invoice.utc')}</p>
    </>
  );
}
