// Prepaid credits: what is left of each and until when, and what can be put against the invoices that come.
import { useQuery } from '@tanstack/react-query';
import { creditBalanceQuery } from '../../data/billing-queries.js';
import type { CreditBalance } from '../../data/billing-types.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Instant, Money } from '../../parts/figure.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';

export function Credits({ organization }: { readonly organization: string }) {
  const { t } = useLanguage();
  const query = useQuery(creditBalanceQuery(organization));
  return (
    <Section title={t('invoices.credits')} intro={t('invoices.credits_intro')}>
      <Loaded query={query} part="credits" lines={2}>
        {(balance) =>
          balance.credits.length === 0 ? (
            <Empty>{t('invoices.no_credits')}</Empty>
          ) : (
            <Balance balance={balance} />
          )
        }
      </Loaded>
    </Section>
  );
}

type Credit = CreditBalance['credits'][number];

function Balance({ balance }: { readonly balance: CreditBalance }) {
  const { t, name } = useLanguage();
  const { currency, available, pending, credits } = balance;
  const money = (id: 'amount' | 'used' | 'remaining'): Column<Credit> => ({
    id,
    head: t(`credits.${id}`),
    isNumber: true,
    cell: ({ [id]: amount }) => <Money exact={amount} currency={currency} />,
  });
  return (
    <>
      <p>
        <T
          k="credits.available"
          v={{
            available: <Money exact={available} currency={currency} of="credits.available" />,
            pending: <Money exact={pending} currency={currency} />,
          }}
        />
      </p>
      <Table
        label={t('invoices.credits')}
        rows={credits}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'note',
            head: t('invoices.credit_note'),
            cell: ({ note, id }) => <bdi>{note ?? id}</bdi>,
          },
          {
            id: 'granted',
            head: t('invoices.granted'),
            cell: ({ granted_at }) => <Instant at={granted_at} dayOnly />,
          },
          {
            id: 'expires',
            head: t('invoices.expires'),
            cell: ({ expires_at }) =>
              expires_at === null ? t('invoices.never') : <Instant at={expires_at} dayOnly />,
          },
          { id: 'state', head: t('invoices.state'), cell: ({ state }) => name('credit', state) },
          money('amount'),
          money('used'),
          money('remaining'),
        ]}
      />
    </>
  );
}
