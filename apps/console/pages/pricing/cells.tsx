// One published limit and one published price, with the words for what is not a number.
import { perHour, priceOn, type Published } from '../../domain/published.js';
import { useLanguage } from '../../i18n/language.js';
import { Count, Price } from '../../parts/figure.js';

interface LimitCellProps {
  readonly document: Published;
  readonly tier: string;
  readonly model: string;
  readonly limit: string;
  readonly of?: string;
}

/** A limit; "no limit" where the document says null; a dash where it says nothing about the model. */
export function LimitCell({ document, tier, model, limit, of }: LimitCellProps) {
  const { t } = useLanguage();
  const terms = document.tiers[tier];
  const row = terms?.limits[model];
  if (terms?.usage === 'contract' && row?.[limit] == null)
    return <span className="quiet">{t('limit.by_contract')}</span>;
  if (!row || !(limit in row)) return <Nothing />;
  const value = row[limit];
  if (value == null) return <span className="quiet">{t('limit.none')}</span>;
  return <Count value={value} of={of} />;
}

/** The pools of a text model that tables have a column for, in the order in which they are read. */
export const TEXT_PRICES = ['input', 'cached_input', 'output'] as const;

interface PriceCellProps {
  readonly document: Published;
  readonly tier: string;
  readonly model: string;
  readonly pool: string;
}

export function PriceCell({ document, tier, model, pool }: PriceCellProps) {
  const price = priceOn(document, tier, { model, serviceTier: 'on_demand', adapter: null, pool });
  if (price === undefined) return <Nothing />;
  const shown = pool === 'audio_ms' ? perHour(price) : price;
  return <Price exact={shown} currency={document.currency} />;
}

/** Where nobody published a number. */
export function Nothing() {
  const { t } = useLanguage();
  return (
    <span className="quiet">
      <span aria-hidden="true">—</span>
      <span className="hidden">{t('limit.unpublished')}</span>
    </span>
  );
}
