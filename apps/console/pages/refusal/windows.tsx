// Every limit of the model as it stood at that moment, those that were not in the way too.
import type { Decision } from '../../data/types.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Duration } from '../../parts/figure.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';

type Window = NonNullable<Decision['windows']>[number];

export function Windows({ decision }: { readonly decision: Decision }) {
  const { t, name } = useLanguage();
  const windows = decision.windows?.filter(({ limit }) => limit !== null) ?? [];
  if (windows.length === 0) return null;
  const count = (id: 'limit' | 'used' | 'remaining'): Column<Window> => ({
    id,
    head: t(`refusal.window_${id}`),
    isNumber: true,
    cell: ({ [id]: value }) => (value === null ? '—' : <Count value={value} />),
  });
  return (
    <Section title={t('refusal.windows')}>
      <Table
        label={t('refusal.windows')}
        rows={windows}
        keyOf={(window) => `${window.scope} ${window.name}`}
        columns={[
          { id: 'name', head: t('refusal.limit'), cell: (window) => name('limit', window.name) },
          count('used'),
          count('limit'),
          count('remaining'),
          {
            id: 'full',
            head: t('refusal.full_in'),
            isNumber: true,
            cell: ({ full_in: time }) => (time === null ? '—' : <Duration text={time} />),
          },
        ]}
      />
    </Section>
  );
}
