// The invoices that were issued, the newest first, each with its files.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { invoicesQuery } from '../../data/billing-queries.js';
import type { Invoice } from '../../data/billing-types.js';
import { useLanguage } from '../../i18n/language.js';
import { Money, Name } from '../../parts/figure.js';
import { Loaded } from '../../parts/loaded.js';
import { More } from '../../parts/more.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { keepOrganization } from '../keep-organization.js';
import { InvoiceFiles } from './invoice-files.js';

export function PastInvoices({ organization }: { readonly organization: string }) {
  const { t } = useLanguage();
  const query = useInfiniteQuery(invoicesQuery(organization));
  return (
    <Section title={t('invoices.past')}>
      <Loaded query={query} part="invoices" lines={4}>
        {({ pages }) => <PastTable invoices={pages.flatMap(({ data }) => data)} />}
      </Loaded>
      <More query={query}>{t('invoices.more')}</More>
    </Section>
  );
}

function PastTable({ invoices }: { readonly invoices: readonly Invoice[] }) {
  const { t, d, name } = useLanguage();
  const day = (at: string | null): string => (at === null ? '—' : d.utcDay(at));
  return (
    <Table
      label={t('invoices.past')}
      none={t('invoices.none')}
      rows={invoices}
      keyOf={({ number }) => number ?? ''}
      columns={[
        {
          id: 'number',
          head: t('invoices.number'),
          cell: ({ number }) => (
            <Link to={`/invoices/${number ?? ''}`} search={keepOrganization}>
              <Name>{number ?? '—'}</Name>
            </Link>
          ),
        },
        { id: 'month', head: t('invoices.period'), cell: ({ period }) => d.month(period.from) },
        { id: 'state', head: t('invoices.state'), cell: ({ state }) => name('state', state) },
        { id: 'issued', head: t('invoices.issued'), cell: (one) => day(one.issued_at) },
        { id: 'due', head: t('invoices.due'), cell: (one) => day(one.due_at) },
        {
          id: 'total',
          head: t('invoices.total'),
          isNumber: true,
          cell: ({ total, currency }) => <Money exact={total} currency={currency} />,
        },
        {
          id: 'open',
          head: t('invoices.open'),
          isNumber: true,
          cell: (one) => <Money exact={one.amount_due} currency={one.currency} />,
        },
        {
          id: 'files',
          head: t('invoices.files'),
          cell: ({ number }) => <InvoiceFiles number={number ?? ''} />,
        },
      ]}
    />
  );
}
