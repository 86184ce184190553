// Each limit that stood in the way, in words and exact, and whether waiting helps.
import type { Decision } from '../../data/types.js';
import { parseGoDuration } from '../../domain/go-duration.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Duration, Money } from '../../parts/figure.js';

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
  const { t, name } = useLanguage();
  const { kind, limit, used, requested } = violation;
  if (kind === 'excess_block') return t('refusal.excess_words');
  if (typeof limit === 'bigint' && typeof used === 'bigint' && typeof requested === 'bigint')
    return (
      <T
        k={violation.scope === 'project' ? 'refusal.project_words' : 'refusal.limit_words'}
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
      k={kind === 'credit' ? 'refusal.credit_words' : 'refusal.spend_words'}
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
  const { retry_in: wait, kind, limit, requested } = violation;
  if (wait !== null && parseGoDuration(wait) !== undefined)
    return <T k="refusal.retry" v={{ time: <Duration text={wait} /> }} />;
  const isAlone = typeof limit === 'bigint' && typeof requested === 'bigint' && requested > limit;
  if (kind === 'credit') return t('refusal.credit_wait');
  return t(isAlone ? 'refusal.too_large' : 'refusal.spend_wait');
}
