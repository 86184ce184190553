// Each limit that stood in the way, in words and exact; and whose use filled it.
import type { Decision } from '../../data/types.js';
import { parseGoDuration } from '../../domain/go-duration.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Duration, Instant, Money, Name } from '../../parts/figure.js';
import { Empty } from '../../parts/loaded.js';
import { Section, TableBox } from '../../parts/section.js';

type Violation = Decision['violated'][number];

export function Violations({ decision }: { readonly decision: Decision }) {
  return (
    <ul className="stack violations">
      {decision.violated.map((violation) => (
        <li key={violation.name}>
          <p>
            <Words violation={violation} />
          </p>
          <p>
            <When violation={violation} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Words({ violation }: { readonly violation: Violation }) {
  const { name } = useLanguage();
  const { limit, used, requested } = violation;
  if (typeof limit === 'bigint' && typeof used === 'bigint' && typeof requested === 'bigint')
    return (
      <T
        k="refusal.limit_words"
        v={{
          name: name('limit', violation.name),
          limit: <Count value={limit} />,
          used: <Count value={used} />,
          requested: <Count value={requested} />,
          over: <Count value={used + requested - limit} />,
        }}
      />
    );
  return (
    <T
      k="refusal.spend_words"
      v={{
        limit: <Sum value={limit} />,
        used: <Sum value={used} />,
        requested: <Sum value={requested} />,
      }}
    />
  );
}

function Sum({ value }: { readonly value: bigint | string | null }) {
  if (value === null) return '—';
  return <Money exact={String(value)} currency="USD" />;
}

function When({ violation }: { readonly violation: Violation }) {
  const { t } = useLanguage();
  const { retry_in: wait, limit, requested } = violation;
  if (wait !== null && parseGoDuration(wait) !== undefined)
    return <T k="refusal.retry" v={{ time: <Duration text={wait} /> }} />;
  const isAlone = typeof limit === 'bigint' && typeof requested === 'bigint' && requested > limit;
  return t(isAlone ? 'refusal.too_large' : 'refusal.spend_wait');
}

export function Contributors({ decision }: { readonly decision: Decision }) {
  const { t } = useLanguage();
  return (
    <Section title={t('refusal.contributors')} intro={t('refusal.contributors_intro')}>
      {decision.contributors.length === 0 ? (
        <Empty>{t('refusal.no_contributors')}</Empty>
      ) : (
        <TableBox label={t('refusal.contributors')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('invoice.event_id')}</th>
                <th scope="col" className="number">
                  {t('refusal.tokens')}
                </th>
                <th scope="col">{t('refusal.when')}</th>
              </tr>
            </thead>
            <tbody>
              {decision.contributors.map((one) => (
                <tr key={`${one.reservation ?? one.event} ${one.at}`}>
                  <th scope="row">
                    <Name>{one.reservation ?? one.event ?? '—'}</Name>
                  </th>
                  <td className="number">
                    {one.tokens == null ? '—' : <Count value={one.tokens} />}
                  </td>
                  <td>
                    <Instant at={one.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </Section>
  );
}
