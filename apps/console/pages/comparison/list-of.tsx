import type { ListOrigin } from '../../data/billing-types.js';
import { useLanguage } from '../../i18n/language.js';

/** The lists that have a name of their own; an operator's list is called what he called it. */
const TITLES: Readonly<Record<string, string>> = {
  litellm: 'LiteLLM',
  genai_prices: 'genai-prices',
};

/** The price list that a price is from, with its address where it has one, and the day of the list. */
export function ListOf({ list }: { readonly list: ListOrigin }) {
  const { t, d } = useLanguage();
  const { source, title, url, as_of: day } = list;
  const shown = <bdi>{title ?? TITLES[source] ?? source}</bdi>;
  // The API takes only http addresses; a page must not depend on that.
  const isSafe = url != null && /^https?:\/\//.test(url);
  return (
    <>
      {isSafe ? (
        <a href={url} rel="noreferrer">
          {shown}
        </a>
      ) : (
        shown
      )}
      <span className="quiet small detail">
        <time dateTime={day}>{t('comparison.of_day', { day: d.utcDay(`${day}T00:00:00Z`) })}</time>
      </span>
    </>
  );
}
