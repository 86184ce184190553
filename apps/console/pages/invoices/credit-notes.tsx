// The credit notes of an invoice: what was taken off it after it was issued, and why.
import { useInfiniteQuery } from '@tanstack/react-query';
import { creditNotesQuery } from '../../data/billing-queries.js';
import type { CreditNote } from '../../data/billing-types.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Money, Name } from '../../parts/figure.js';
import { Loaded } from '../../parts/loaded.js';
import { More } from '../../parts/more.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { DocumentFiles } from './invoice-files.js';
import { TaxName } from './tax-name.js';

interface CreditNotesProps {
  readonly organization: string;
  readonly invoice: string;
}

export function CreditNotes({ organization, invoice }: CreditNotesProps) {
  const { t, d } = useLanguage();
  const query = useInfiniteQuery(creditNotesQuery(organization, invoice));
  return (
    <Section title={t('notes.title')} intro={t('notes.intro')}>
      <Loaded query={query} part="credit_notes" lines={2}>
        {({ pages }) => (
          <Table
            none={t('notes.none')}
            label={t('notes.title')}
            rows={pages.flatMap(({ data }) => data)}
            keyOf={({ number }) => number}
            columns={[
              {
                id: 'number',
                head: t('invoices.number'),
                cell: ({ number }) => <Name>{number}</Name>,
              },
              {
                id: 'issued',
                head: t('invoices.issued'),
                cell: ({ issued_at }) => d.utcDay(issued_at),
              },
              {
                id: 'reason',
                head: t('notes.reason'),
                cell: ({ reason }) => <bdi>{reason}</bdi>,
              },
              {
                id: 'total',
                head: t('invoice.amount'),
                isNumber: true,
                cell: (note) => <Credited note={note} />,
              },
              {
                id: 'files',
                head: t('invoices.files'),
                cell: ({ number }) => (
                  <DocumentFiles path="credit-notes" number={number} types={['pdf']} />
                ),
              },
            ]}
          />
        )}
      </Loaded>
      <More query={query}>{t('notes.more')}</More>
    </Section>
  );
}

/** What is credited, and the taxes that it gives back. */
function Credited({ note }: { readonly note: CreditNote }) {
  const { total, currency, taxes = [] } = note;
  return (
    <>
      <Money exact={total} currency={currency} />
      {taxes.map((tax) => (
        <span key={JSON.stringify(tax)} className="quiet small detail">
          <T
            k="notes.tax"
            v={{
              tax: <TaxName tax={tax} />,
              amount: <Money exact={tax.amount ?? '0'} currency={currency} />,
            }}
          />
        </span>
      ))}
    </>
  );
}
