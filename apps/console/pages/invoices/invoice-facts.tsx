// The head of an invoice: where it stands, its month and dates, whom it is addressed to.
import type { Invoice } from '../../data/billing-types.js';
import { useLanguage } from '../../i18n/language.js';
import { Name } from '../../parts/figure.js';
import { Facts } from '../../parts/facts.js';

export function InvoiceFacts({ invoice }: { readonly invoice: Invoice }) {
  const { t, d, name } = useLanguage();
  const { bill_to: to, voided_at: voided } = invoice;
  const day = (at: string | null | undefined): string | null => (at ? d.utcDay(at) : null);
  return (
    <>
      {invoice.state === 'void' && (
        <p className="notice section" role="status">
          {t('invoice.void_words', { at: day(voided) ?? '—' })}
        </p>
      )}
      <div className="section">
        <Facts
          facts={[
            [t('invoices.state'), name('state', invoice.state)],
            [t('invoices.period'), d.month(invoice.period.from)],
            [t('invoices.issued'), day(invoice.issued_at)],
            [t('invoices.due'), day(invoice.due_at)],
            [t('invoice.bill_to'), to && <bdi>{to.legal_name ?? to.name}</bdi>],
            [t('settings.address'), to?.address && <bdi className="multiline">{to.address}</bdi>],
            [t('settings.email'), to?.email && <Name>{to.email}</Name>],
            [
              t('settings.tax_ids'),
              to && to.tax_ids.length > 0 && <Name>{to.tax_ids.join(', ')}</Name>,
            ],
          ]}
        />
      </div>
    </>
  );
}
