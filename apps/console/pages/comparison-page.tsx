// The reader's own usage at other providers' published prices, each with its source and day.
import { useQuery } from '@tanstack/react-query';
import { useOrganization } from '../app/organization.js';
import { useChangeSearch, useSearchText } from '../app/search.js';
import { comparisonQuery } from '../data/queries.js';
import type { ComparisonRow } from '../data/types.js';
import { lastMonths } from '../domain/months.js';
import { useLanguage } from '../i18n/language.js';
import { Choice } from '../parts/choice.js';
import { Money, Name } from '../parts/figure.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page, TableBox } from '../parts/section.js';

export function ComparisonPage() {
  const { t, d } = useLanguage();
  const organization = useOrganization();
  const search = useSearchText();
  const change = useChangeSearch();
  const months = lastMonths(Date.now(), 12);
  const month = months.find((one) => one === search['period']) ?? months[0] ?? '';
  const query = useQuery({
    ...comparisonQuery(organization ?? '', month),
    enabled: organization !== undefined,
  });
  return (
    <Page title={t('comparison.title')} intro={t('comparison.intro')}>
      <div className="form narrow">
        <Choice
          label={t('comparison.month')}
          options={months.map((id) => ({ id, text: d.month(`${id}-01T00:00:00Z`) }))}
          value={month}
          onChange={(period) => change({ period })}
        />
      </div>
      <div className="section">
        <Loaded query={query} part="comparison" lines={8}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty>{t('comparison.none')}</Empty>
            ) : (
              <Compared rows={rows} label={t('comparison.title')} />
            )
          }
        </Loaded>
      </div>
    </Page>
  );
}

function Compared({ rows, label }: { readonly rows: readonly ComparisonRow[]; label: string }) {
  const { t } = useLanguage();
  return (
    <TableBox label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('comparison.model')}</th>
            <th scope="col">{t('comparison.provider')}</th>
            <th scope="col">{t('comparison.matched')}</th>
            <th scope="col" className="number">
              {t('comparison.total')}
            </th>
            <th scope="col">{t('comparison.source')}</th>
            <th scope="col">{t('comparison.as_of')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.provider} ${row.model} ${row.matched_model}`}>
              <th scope="row">
                <Name>{row.model}</Name>
              </th>
              <td>
                <bdi>{row.provider}</bdi>
              </td>
              <td>
                {row.matched_model === null ? (
                  t('comparison.no_match')
                ) : (
                  <Name>{row.matched_model}</Name>
                )}
              </td>
              <td className="number">
                {row.total_exact === null ? '—' : <Money exact={row.total_exact} currency="USD" />}
              </td>
              <td>
                <bdi>{row.source ?? '—'}</bdi>
              </td>
              <td>
                <bdi>{row.as_of ?? '—'}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
