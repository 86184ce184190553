// The lines of an invoice: exact amounts beside the cents that were given to each line.
import { Link } from '@tanstack/react-router';
import type { Invoice, InvoiceLine } from '../../data/billing-types.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Money, Name, Price } from '../../parts/figure.js';
import { Table } from '../../parts/table.js';
import { keepOrganization } from '../keep-organization.js';

export function InvoiceLines({ invoice }: { readonly invoice: Invoice }) {
  const { t } = useLanguage();
  const { currency, lines, number } = invoice;
  return (
    <Table
      label={t('invoice.lines')}
      className="lines"
      rows={lines}
      keyOf={({ line }) => String(line)}
      columns={[
        { id: 'line', head: t('invoice.line'), cell: ({ line }) => <Count value={line} /> },
        {
          id: 'what',
          head: t('invoice.what'),
          isRowHead: true,
          cell: (line) => <What line={line} number={number} />,
        },
        {
          id: 'quantity',
          head: t('invoice.quantity'),
          isNumber: true,
          cell: ({ quantity }) => quantity !== null && <Count value={quantity} />,
        },
        {
          id: 'price',
          head: t('invoice.price'),
          isNumber: true,
          cell: ({ price_per_million: price }) =>
            price !== null && <Price exact={price} currency={currency} />,
        },
        {
          id: 'exact',
          head: t('invoice.exact'),
          isNumber: true,
          cell: (line) => <Price exact={line.amount_exact} currency={currency} />,
        },
        {
          id: 'amount',
          head: t('invoice.amount'),
          isNumber: true,
          cell: ({ amount }) => <Money exact={amount} currency={currency} />,
        },
      ]}
    />
  );
}

interface WhatProps {
  readonly line: InvoiceLine;
  /** null for a draft. */
  readonly number: string | null;
}

function What({ line, number }: WhatProps) {
  const { name } = useLanguage();
  const isUsage = line.kind === 'usage' && line.model !== null;
  return (
    <>
      {isUsage ? <Name>{line.model ?? ''}</Name> : name('kind', line.kind)}
      {!isUsage && line.description && <bdi className="quiet small detail">{line.description}</bdi>}
      {line.pool !== null && <Detail line={line} number={number} />}
    </>
  );
}

/** What kind of usage, and the way to the events that it is the sum of. */
function Detail({ line, number }: WhatProps) {
  const { t, f, name } = useLanguage();
  const { events } = line;
  const detail = [
    name('measure', line.pool ?? ''),
    name('service_tier', line.service_tier ?? 'on_demand'),
    ...(line.adapter === null ? [] : [line.adapter]),
  ].join(' · ');
  const count = events !== null && t('invoice.events', { count: f.count(events) }, events);
  return (
    <span className="quiet small detail">
      {detail}
      {count && ' · '}
      {count && number !== null ? (
        <Link to={`/invoices/${number}/lines/${line.line}`} search={keepOrganization}>
          {count}
        </Link>
      ) : (
        count
      )}
    </span>
  );
}
