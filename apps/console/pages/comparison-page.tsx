// Other providers' published prices, each with its source and day: for anyone as a list, and for a reader who is signed in on the
// usage of his own.
import { Link } from '@tanstack/react-router';
import { useOrganization, useSession } from '../app/organization.js';
import { T, useLanguage } from '../i18n/language.js';
import { Page } from '../parts/section.js';
import { PublishedPrices } from './comparison/published-prices.js';
import { OwnUsage } from './comparison/own-usage.js';

export function ComparisonPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  const session = useSession();
  return (
    <Page title={t('comparison.title')} intro={t('comparison.intro')}>
      <PublishedPrices />
      {session === null && (
        <p className="section">
          <T k="comparison.signin" v={{ link: <Link to="/signin">{t('nav.signin')}</Link> }} />
        </p>
      )}
      {session && organization !== undefined && (
        <OwnUsage key={organization} organization={organization} />
      )}
    </Page>
  );
}
