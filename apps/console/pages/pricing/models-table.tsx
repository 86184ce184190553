// Exact limits and prices of each model: text models by tokens, speech models by audio and characters.
import type { Published } from '../../domain/published.js';
import { useLanguage } from '../../i18n/language.js';
import { Name } from '../../parts/figure.js';
import { TableBox } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { LimitCell, PriceCell, TEXT_PRICES } from './cells.js';

const TEXT_LIMITS = [
  'requests_per_minute',
  'requests_per_day',
  'tokens_per_minute',
  'tokens_per_day',
] as const;
const SPEECH_LIMITS = [
  'requests_per_minute',
  'requests_per_day',
  'audio_seconds_per_hour',
  'audio_seconds_per_day',
] as const;
const SPEECH_PRICES = ['audio_ms', 'characters'] as const;

interface TableProps {
  readonly document: Published;
  readonly tier: string;
  readonly models: readonly string[];
}

export function ModelsTable({ document, tier, models }: TableProps) {
  const { t } = useLanguage();
  const isSpeech = (model: string): boolean => {
    const prices = document.models[model]?.prices['on_demand'] ?? {};
    const limits = document.tiers[tier]?.limits[model] ?? {};
    return (
      SPEECH_PRICES.some((pool) => prices[pool] !== undefined) ||
      'audio_seconds_per_hour' in limits ||
      /whisper|orpheus|tts/.test(model)
    );
  };
  const tables = [
    [
      t('pricing.text_models'),
      models.filter((model) => !isSpeech(model)),
      TEXT_LIMITS,
      TEXT_PRICES,
    ],
    [t('pricing.speech_models'), models.filter(isSpeech), SPEECH_LIMITS, SPEECH_PRICES],
  ] as const;
  return tables.map(([label, rows, limits, prices]) => (
    <TableBox key={label} label={label}>
      <table className="models">
        <Head label={label} limits={limits} prices={prices} />
        <tbody>
          {rows.map((model) => (
            <Row key={model} {...{ document, tier, model, limits, prices }} />
          ))}
        </tbody>
      </table>
    </TableBox>
  ));
}

interface HeadProps {
  readonly label: string;
  readonly limits: readonly string[];
  readonly prices: readonly string[];
}

function Head({ label, limits, prices }: HeadProps) {
  const { t, name } = useLanguage();
  return (
    <thead>
      <tr>
        <th rowSpan={2} scope="col">
          {label}
        </th>
        <th colSpan={limits.length} scope="colgroup" className="group">
          {t('pricing.limits')}
        </th>
        <th colSpan={prices.length} scope="colgroup" className="group">
          {t('pricing.prices')}
        </th>
      </tr>
      <tr>
        {limits.map((limit) => (
          <th key={limit} scope="col" className="number">
            {name('limit', limit)}
          </th>
        ))}
        {prices.map((pool) => (
          <th key={pool} scope="col" className="number">
            {name('price', pool)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface RowProps extends Omit<TableProps, 'models'> {
  readonly model: string;
  readonly limits: readonly string[];
  readonly prices: readonly string[];
}

function Row({ document, tier, model, limits, prices }: RowProps) {
  const { name } = useLanguage();
  const { status } = document.models[model] ?? {};
  return (
    <tr>
      <th scope="row">
        <Name>{model}</Name>
        {status === 'preview' && <span className="tag">{name('status', status)}</span>}
      </th>
      {limits.map((limit) => (
        <td key={limit} className="number">
          <LimitCell document={document} tier={tier} model={model} limit={limit} />
        </td>
      ))}
      {prices.map((pool) => (
        <td key={pool} className="number">
          <PriceCell document={document} tier={tier} model={model} pool={pool} />
        </td>
      ))}
    </tr>
  );
}

export function RetiredTable({ document, models }: Omit<TableProps, 'tier'>) {
  const { t, name } = useLanguage();
  return (
    <Table
      label={t('pricing.retired_models')}
      className="models"
      rows={models}
      keyOf={(model) => model}
      columns={[
        { id: 'model', head: t('pricing.model'), cell: (model) => <Name>{model}</Name> },
        ...TEXT_PRICES.map((pool) => ({
          id: pool,
          head: name('price', pool),
          isNumber: true,
          cell: (model: string) => (
            <PriceCell document={document} tier="" model={model} pool={pool} />
          ),
        })),
      ]}
    />
  );
}
