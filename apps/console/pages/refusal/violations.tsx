// Each limit that stood in the way, in words and exact, and whether waiting helps.
import { useQuery } from '@tanstack/react-query';
import { organizationQuery } from '../../data/queries.js';
import type { Decision } from '../../data/types.js';
import { parseGoDuration } from '../../domain/go-duration.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Duration, Money, Name } from '../../parts/figure.js';

type Violation = Decision['violated'][number];

export function Violations({ decision }: { readonly decision: Decision }) {
  return (
    <ul className="stack violations">
      {decision.violated.map((violation) => (
        <li key={violation.name}>
          <p>
            <Words violation={violation} organization={String(decision.request['organization'])} />
          </p>
          <p>
            <When violation={violation} />
          </p>
        </li>
      ))}
    </ul>
  );
}

interface WordsProps {
  readonly violation: Violation;
  readonly organization: string;
}

function Words({ violation, organization }: WordsProps) {
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
  return <SpendWords violation={violation} organization={organization} />;
}

// The decision says sums without their currency: it is the account's. Until that is known a sum stands as it was sent.
function SpendWords({ violation, organization }: WordsProps) {
  const { data: account } = useQuery(organizationQuery(organization));
  const sum = (value: bigint | string | null) => {
    if (value === null) return '—';
    const exact = String(value);
    return account ? <Money exact={exact} currency={account.currency} /> : <Name>{exact}</Name>;
  };
  const { kind, limit, used, requested } = violation;
  return (
    <T
      k={kind === 'credit' ? 'refusal.credit_words' : 'refusal.spend_words'}
      v={{ limit: sum(limit), used: sum(used), requested: sum(requested) }}
    />
  );
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
