// Where the month's cost comes from: the lines of the upcoming invoice, summed by model. Exact amounts, rounded for the eye only.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { upcomingQuery } from '../../data/queries.js';
import { costByModel } from '../../domain/invoice-sums.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Femto, Name } from '../../parts/figure.js';
import { Empty, Loaded } from '../../parts/loaded.js';
import { Section, TableBox } from '../../parts/section.js';
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
        {(invoice) => {
          const costs = costByModel(invoice.lines);
          if (costs.length === 0) return <Empty>{t('dashboard.no_cost')}</Empty>;
          return (
            <TableBox label={t('dashboard.cost')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{t('pricing.model')}</th>
                    <th scope="col" className="number">
                      {t('invoice.quantity')}
                    </th>
                    <th scope="col" className="number">
                      {t('invoice.amount')}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {costs.map(({ kind, model, units, femto }) => (
                    <tr key={`${kind} ${model}`}>
                      <th scope="row">
                        {model === null ? name('kind', kind) : <Name>{model}</Name>}
                      </th>
                      <td className="number">{units > 0n ? <Count value={units} /> : '—'}</td>
                      <td className="number">
                        <Femto femto={femto} currency={invoice.currency} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </TableBox>
          );
        }}
      </Loaded>
    </Section>
  );
}
