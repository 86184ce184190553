// Prices and limits for everyone, exact, from the published document; before anyone signs up.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useChangeSearch, useSearchText } from '../app/search.js';
import { publishedQuery } from '../data/queries.js';
import { modelsByStatus, type Published } from '../domain/published.js';
import { T, useLanguage } from '../i18n/language.js';
import { Switcher } from '../parts/choice.js';
import { Instant, Name } from '../parts/figure.js';
import { Loaded } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { ModelsTable, RetiredTable } from './pricing/models-table.js';
import { TierColumns } from './pricing/tier-columns.js';

export function PricingPage() {
  const { t } = useLanguage();
  const query = useQuery(publishedQuery);
  return (
    <Page title={t('pricing.title')} intro={t('pricing.intro')}>
      <Loaded query={query} part="published" lines={12}>
        {(document) => <PublishedTerms document={document} />}
      </Loaded>
    </Page>
  );
}

function PublishedTerms({ document }: { readonly document: Published }) {
  const { t } = useLanguage();
  return (
    <>
      <Section
        title={t('pricing.tiers')}
        aside={<Link to="/playground">{t('pricing.to_playground')}</Link>}
      >
        <TierColumns document={document} />
      </Section>
      <Models document={document} />
      <p className="quiet source">
        <T
          k="pricing.source"
          v={{
            version: <Name>{document.version}</Name>,
            since: <Instant at={document.effective_from} dayOnly />,
            link: (
              <a href="/.well-known/inference-limits.json">
                <bdi>inference-limits.json</bdi>
              </a>
            ),
          }}
        />
      </p>
    </>
  );
}

function Models({ document }: { readonly document: Published }) {
  const { t, name } = useLanguage();
  const search = useSearchText();
  const changeSearch = useChangeSearch();
  const tiers = Object.keys(document.tiers);
  const asked = search['tier'];
  const tier = asked !== undefined && tiers.includes(asked) ? asked : (tiers[0] ?? '');
  const { offered, retired } = modelsByStatus(document);
  const terms = document.tiers[tier];
  const aside = (
    <Switcher
      label={t('pricing.tier')}
      options={tiers.map((id) => ({ id, text: document.tiers[id]?.title ?? id }))}
      value={tier}
      onChange={(chosen) => changeSearch({ tier: chosen })}
    />
  );
  return (
    <>
      <Section
        title={t('pricing.models')}
        aside={aside}
        intro={terms && name('pricing.usage', terms.usage)}
      >
        {asked !== undefined && asked !== tier && (
          <p className="notice" role="status">
            <T k="pricing.unknown_tier" v={{ tier: <Name>{asked}</Name> }} />
          </p>
        )}
        <ModelsTable document={document} tier={tier} models={offered} />
      </Section>
      {retired.length > 0 && (
        <details className="section">
          <summary>{t('pricing.retired', { count: String(retired.length) })}</summary>
          <p className="intro">{t('pricing.retired_intro')}</p>
          <RetiredTable document={document} models={retired} />
        </details>
      )}
    </>
  );
}
