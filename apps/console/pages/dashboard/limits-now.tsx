// Am I about to be stopped? Exact limits with live use, for the models that this organization uses.
import { useQuery } from '@tanstack/react-query';
import { usageQuery } from '../../data/queries.js';
import type { Limit, Limits } from '../../data/types.js';
import { parseGoDuration } from '../../domain/go-duration.js';
import { limitNames, modelsInUse } from '../../domain/model-limits.js';
import { instantText, rangeOf } from '../../domain/usage-view.js';
import { T, useLanguage } from '../../i18n/language.js';
import { Count, Duration, Name } from '../../parts/figure.js';
import { Empty } from '../../parts/loaded.js';
import { Meter } from '../../parts/meter.js';
import { Table } from '../../parts/table.js';

interface LimitsNowProps {
  readonly limits: Limits;
  readonly organization: string;
}

export function LimitsNow({ limits, organization }: LimitsNowProps) {
  const { t } = useLanguage();
  const { from, to } = rangeOf('30d', Date.now());
  const usage = useQuery(
    usageQuery({
      organization,
      from: instantText(from),
      to: instantText(to),
      group_by: 'model',
    }),
  );
  // While metering does not answer the models with something used now are still known.
  const used = usage.data?.rows.flatMap(({ model }) => model ?? []) ?? [];
  const models = modelsInUse(limits.models, used);
  if (models.length === 0) return <Empty>{t('limits.unused')}</Empty>;
  return <LimitsTable models={models} />;
}

/** A row per model, a column per kind of limit that any of them has. */
export function LimitsTable({ models }: { readonly models: Limits['models'] }) {
  const { t, name } = useLanguage();
  const columns = limitNames(models);
  return (
    <Table
      label={t('dashboard.limits')}
      className="limits"
      rows={models}
      keyOf={({ model }) => model}
      columns={[
        {
          id: 'model',
          head: t('pricing.model'),
          cell: ({ model }) => <Name>{model}</Name>,
        },
        ...columns.map((column) => ({
          id: column,
          head: name('limit', column),
          cell: ({ model, limits }: Limits['models'][number]) => (
            <LimitState model={model} limit={limits.find((one) => one.name === column)} />
          ),
        })),
      ]}
    />
  );
}

function LimitState({
  model,
  limit,
}: {
  readonly model: string;
  readonly limit: Limit | undefined;
}) {
  const { t, f, name } = useLanguage();
  if (!limit) return <span className="quiet">—</span>;
  if (limit.limit === null) return <span className="quiet">{t('limit.none')}</span>;
  const used = limit.used ?? 0n;
  const of = `limits.${model}.${limit.name}`;
  return (
    <div className="limit-state">
      <p>
        <T
          k="limit.used"
          v={{
            used: <Count value={used} of={`${of}.used`} />,
            limit: <Count value={limit.limit} of={`${of}.limit`} />,
          }}
        />
      </p>
      <Meter
        used={used}
        limit={limit.limit}
        label={`${model}, ${name('limit', limit.name)}`}
        valueText={t('limit.used', { used: f.count(used), limit: f.count(limit.limit) })}
      />
      <p className="quiet small">
        <T
          k="limit.remaining"
          v={{ remaining: <Count value={limit.remaining ?? 0n} of={`${of}.remaining`} /> }}
        />
        {limit.full_in !== null && parseGoDuration(limit.full_in) !== 0n && (
          <>
            {' · '}
            <T
              k="limit.full_in"
              v={{ time: <Duration text={limit.full_in} of={`${of}.full_in`} /> }}
            />
          </>
        )}
      </p>
    </div>
  );
}
