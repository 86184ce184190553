import { useLanguage } from '../../i18n/language.js';

/** Where the lists come from that an operator can load (docs/what-if.md): the projects' own addresses. */
const SOURCES: Readonly<Record<string, { readonly title: string; readonly href: string }>> = {
  litellm: { title: 'LiteLLM', href: 'https://github.com/BerriAI/litellm' },
  genai_prices: { title: 'genai-prices', href: 'https://github.com/pydantic/genai-prices' },
};

/** The price list that a price is from, with its address, and the day of the list. */
export function ListOf({ source, day }: { readonly source: string; readonly day: string }) {
  const { t, d } = useLanguage();
  const known = SOURCES[source];
  return (
    <>
      {known ? (
        <a href={known.href} rel="noreferrer">
          <bdi>{known.title}</bdi>
        </a>
      ) : (
        <bdi>{source}</bdi>
      )}
      <span className="quiet small detail">
        <time dateTime={day}>{t('comparison.of_day', { day: d.utcDay(`${day}T00:00:00Z`) })}</time>
      </span>
    </>
  );
}
