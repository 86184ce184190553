// Where the month's cost comes from: the lines of the upcoming invoice, summed by model. Exact amounts, rounded for the eye only.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { upcomingQuery } from '../../data/billing-queries.js';
import { costByModel } from '../../domain/invoice-sums.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Femto, Name } from '../../parts/figure.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { keepOrganization } from '../keep-organization.js';

export function CostByModel({ organization }: { readonly organization: string }) {
  const { t, name } = useLanguage();
  const query = useQuery(upcomingQuery(organization));
  return (
    <Section
      title={t('dashboard.cost')}
      aside={
        <Link to="/invoices/upcoming" search={keepOrganization}>
          {t('dashboard.to_upcoming')}
        </Link>
      }
    >
      <Loaded query={query} part="upcoming" lines={4}>
        {({ lines, currency }) => (
          <Table
            label={t('dashboard.cost')}
            none={t('dashboard.no_cost')}
            rows={costByModel(lines)}
            keyOf={({ kind, model }) => `${kind} ${model}`}
            columns={[
              {
                id: 'model',
                head: t('pricing.model'),
                cell: ({ kind, model }) =>
                  model === null ? name('kind', kind) : <Name>{model}</Name>,
              },
              {
                id: 'units',
                head: t('invoice.quantity'),
                isNumber: true,
                cell: ({ kind, model, units }) =>
                  units > 0n ? <Count value={units} of={`cost.${model ?? kind}.units`} /> : '—',
              },
              {
                id: 'amount',
                head: t('invoice.amount'),
                isNumber: true,
                cell: ({ kind, model, femto }) => (
                  <Femto femto={femto} currency={currency} of={`cost.${model ?? kind}.amount`} />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
