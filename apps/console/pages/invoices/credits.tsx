// Prepaid credits as they were granted: what for, how much, until when.
import { useQuery } from '@tanstack/react-query';
import { organizationQuery } from '../../data/queries.js';
import type { Credit } from '../../data/types.js';
import { useLanguage } from '../../i18n/language.js';
import { Instant, Money } from '../../parts/figure.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';

export function Credits({ organization }: { readonly organization: string }) {
  const { t } = useLanguage();
  const query = useQuery(organizationQuery(organization));
  return (
    <Section title={t('invoices.credits')} intro={t('invoices.credits_intro')}>
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
        {
          id: 'amount',
          head: t('invoices.credit_amount'),
          isNumber: true,
          cell: ({ amount }) => <Money exact={amount} currency={currency} />,
        },
      ]}
    />
  );
}
