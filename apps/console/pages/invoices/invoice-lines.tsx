// The lines of an invoice and their sums: exact amounts beside the cents that were given to each line.
import { Link } from '@tanstack/react-router';
import type { Invoice, InvoiceLine } from '../../data/types.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Money, Name, Price } from '../../parts/figure.js';
import { TableBox } from '../../parts/section.js';
import { keepOrganization } from '../keep-organization.js';

export function InvoiceLines({ invoice }: { readonly invoice: Invoice }) {
  const { t } = useLanguage();
  return (
    <>
      <TableBox label={t('invoice.lines')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('invoice.line')}</th>
              <th scope="col">{t('invoice.what')}</th>
              <th scope="col" className="number">
                {t('invoice.quantity')}
              </th>
              <th scope="col" className="number">
                {t('invoice.price')}
              </th>
              <th scope="col" className="number">
                {t('invoice.exact')}
              </th>
              <th scope="col" className="number">
                {t('invoice.amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {invoice.lines.map((line) => (
              <Row key={String(line.line)} line={line} invoice={invoice} />
            ))}
          </tbody>
        </table>
      </TableBox>
      <Totals invoice={invoice} />
    </>
  );
}

interface RowProps {
  readonly line: InvoiceLine;
  readonly invoice: Invoice;
}

function Row({ line, invoice }: RowProps) {
  const { currency } = invoice;
  return (
    <tr>
      <td>
        <Count value={line.line} />
      </td>
      <th scope="row">
        <What line={line} invoice={invoice} />
      </th>
      <td className="number">{line.quantity === null ? '' : <Count value={line.quantity} />}</td>
      <td className="number">
        {line.price_per_million === null ? (
          ''
        ) : (
          <Price exact={line.price_per_million} currency={currency} />
        )}
      </td>
      <td className="number">
        <Price exact={line.amount_exact} currency={currency} />
      </td>
      <td className="number">
        <Money exact={line.amount} currency={currency} />
      </td>
    </tr>
  );
}

function What({ line, invoice }: RowProps) {
  const { t, f, name } = useLanguage();
  if (line.kind !== 'usage' || line.model === null)
    return (
      <>
        {name('kind', line.kind)}
        {line.description && <bdi className="quiet small detail">{line.description}</bdi>}
      </>
    );
  const detail = [
    name('measure', line.pool ?? ''),
    name('service_tier', line.service_tier ?? 'on_demand'),
    ...(line.adapter === null ? [] : [line.adapter]),
  ].join(' · ');
  return (
    <>
      <Name>{line.model}</Name>
      <span className="quiet small detail">
        {detail}
        {line.events !== null && (
          <>
            {' · '}
            {invoice.number === null ? (
              t('invoice.events', { count: f.count(line.events) }, line.events)
            ) : (
              <Link to={`/invoices/${invoice.number}/lines/${line.line}`} search={keepOrganization}>
                {t('invoice.events', { count: f.count(line.events) }, line.events)}
              </Link>
            )}
          </>
        )}
      </span>
    </>
  );
}

function Totals({ invoice }: { readonly invoice: Invoice }) {
  const { t } = useLanguage();
  const { currency } = invoice;
  const rows = [
    [t('invoice.subtotal'), invoice.subtotal],
    [t('invoice.credits'), invoice.credits_applied],
    [t('invoice.total'), invoice.total],
    [t('invoice.due'), invoice.amount_due],
  ] as const;
  return (
    <table className="totals">
      <tbody>
        {rows.map(([label, amount]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="number">
              <Money exact={amount} currency={currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
