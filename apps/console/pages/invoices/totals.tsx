// The sums of an invoice in the order in which they are made, and what became of it since: paid, credited, still due.
import type { Invoice } from '../../data/billing-types.js';
import { useLanguage } from '../../i18n/language.js';
import { Money } from '../../parts/figure.js';
import { TaxName } from './tax-name.js';

export function Totals({ invoice }: { readonly invoice: Invoice }) {
  const { t } = useLanguage();
  const { currency, taxes, paid, credited, refund_due: refund } = invoice;
  return (
    <table className="totals">
      <caption className="hidden">{t('invoice.sums')}</caption>
      <tbody>
        <Sum label={t('invoice.subtotal')} amount={invoice.subtotal} currency={currency} />
        {taxes.map((tax) => (
          <Sum
            key={JSON.stringify(tax)}
            label={<TaxName tax={tax} />}
            amount={tax.amount}
            currency={currency}
          />
        ))}
        <Sum
          label={t('invoice.total')}
          amount={invoice.total}
          currency={currency}
          of="invoice.total"
        />
        {isMoney(invoice.credits_applied) && (
          <Sum label={t('invoice.credits')} amount={invoice.credits_applied} currency={currency} />
        )}
        {isMoney(paid) && <Sum label={t('invoice.paid')} amount={paid} currency={currency} />}
        {isMoney(credited) && (
          <Sum label={t('invoice.credited')} amount={credited} currency={currency} />
        )}
        {isMoney(refund) && <Sum label={t('invoice.refund')} amount={refund} currency={currency} />}
        <Sum
          label={t('invoice.due')}
          amount={invoice.amount_due}
          currency={currency}
          of="invoice.amount_due"
        />
      </tbody>
    </table>
  );
}

interface SumProps {
  readonly label: React.ReactNode;
  readonly amount: string | undefined;
  readonly currency: string;
  readonly of?: string;
}

function Sum({ label, amount, currency, of }: SumProps) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="number">
        {amount === undefined ? '—' : <Money exact={amount} currency={currency} of={of} />}
      </td>
    </tr>
  );
}

// Nothing paid, nothing credited: a line that says so is noise.
function isMoney(amount: string | undefined): amount is string {
  return amount !== undefined && /[1-9]/.test(amount);
}
