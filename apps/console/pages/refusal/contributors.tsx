// Whose use filled the bucket, the newest first, how much of it still counted, and when each part is refilled.
import type { Decision } from '../../data/types.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Instant, Name } from '../../parts/figure.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';

export function Contributors({ decision }: { readonly decision: Decision }) {
  const { t } = useLanguage();
  return (
    <Section title={t('refusal.contributors')} intro={t('refusal.contributors_intro')}>
      <Table
        none={t('refusal.no_contributors')}
        label={t('refusal.contributors')}
        rows={decision.contributors}
        keyOf={({ reservation, event, at }) => `${reservation ?? event} ${at}`}
        columns={[
          {
            id: 'what',
            head: t('refusal.usage'),
            cell: ({ reservation, event }) => (
              <>
                <Name>{reservation ?? event ?? '—'}</Name>
                <span className="quiet small detail">
                  {t(reservation == null ? 'refusal.is_event' : 'refusal.is_reservation')}
                </span>
              </>
            ),
          },
          { id: 'at', head: t('refusal.when'), cell: ({ at }) => <Instant at={at} isUtc /> },
          {
            id: 'tokens',
            head: t('refusal.tokens'),
            isNumber: true,
            cell: ({ tokens }) => (tokens == null ? '—' : <Count value={tokens} />),
          },
          {
            id: 'counts',
            head: t('refusal.counted'),
            isNumber: true,
            cell: ({ counts }) => (counts == null ? '—' : <Count value={counts} />),
          },
          {
            id: 'frees',
            head: t('refusal.frees'),
            cell: ({ frees_at: at }) => (at == null ? '—' : <Instant at={at} isUtc />),
          },
        ]}
      />
    </Section>
  );
}
