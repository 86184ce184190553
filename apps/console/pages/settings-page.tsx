// Keys, spend limit and alerts, the profile, and how the reader likes to read.
import { useQuery } from '@tanstack/react-query';
import { useOrganization, useSession } from '../app/organization.js';
import { prefer, usePreferences } from '../app/preferences.js';
import { hasScope } from '../app/roles.js';
import { organizationQuery } from '../data/queries.js';
import { T, useLanguage } from '../i18n/language.js';
import { Switcher } from '../parts/choice.js';
import { Facts } from '../parts/facts.js';
import { Name } from '../parts/figure.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { KeysSection } from './settings/keys-section.js';
import { Profile } from './settings/profile-form.js';
import { SpendLimitForm } from './settings/spend-limit-form.js';

export function SettingsPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  const mayChange = hasScope(useSession(), 'admin');
  const query = useQuery({
    ...organizationQuery(organization ?? ''),
    enabled: organization !== undefined,
  });
  return (
    <Page title={t('settings.title')}>
      {organization === undefined && <Empty>{t('dashboard.no_organization')}</Empty>}
      {!mayChange && (
        <p className="notice section">
          <T k="settings.needs_admin" v={{ scope: <Name>admin</Name> }} />
        </p>
      )}
      <Loaded query={query} part="organization" lines={8}>
        {(account) => (
          <>
            <KeysSection account={account} mayChange={mayChange} />
            <SpendLimitForm key={account.id} account={account} mayChange={mayChange} />
            <Profile key={`profile ${account.id}`} account={account} mayChange={mayChange} />
          </>
        )}
      </Loaded>
      <Reading />
    </Page>
  );
}

function Reading() {
  const { t } = useLanguage();
  const { language, digits, theme } = usePreferences();
  return (
    <Section title={t('settings.reading')}>
      <Facts
        facts={[
          [
            t('settings.language'),
            <Switcher
              label={t('settings.language')}
              options={[
                { id: 'en', text: 'English' },
                { id: 'ar', text: 'العربية' },
              ]}
              value={language}
              onChange={(id) => prefer({ language: id === 'ar' ? 'ar' : 'en' })}
            />,
          ],
          [
            t('settings.digits'),
            <Switcher
              label={t('settings.digits')}
              options={[
                { id: 'latn', text: t('settings.digits_latn') },
                { id: 'arab', text: t('settings.digits_arab') },
              ]}
              value={digits}
              onChange={(id) => prefer({ digits: id === 'arab' ? 'arab' : 'latn' })}
            />,
          ],
          [
            t('settings.theme'),
            <Switcher
              label={t('settings.theme')}
              options={[
                { id: 'auto', text: t('settings.theme_auto') },
                { id: 'light', text: t('settings.theme_light') },
                { id: 'dark', text: t('settings.theme_dark') },
              ]}
              value={theme}
              onChange={(id) => prefer({ theme: id === 'light' || id === 'dark' ? id : 'auto' })}
            />,
          ],
        ]}
      />
    </Section>
  );
}
