// What is around every page: the way past the navigation, the navigation by role, whose numbers, language, theme.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { change } from '../data/api.js';
import { listen } from '../data/live.js';
import { organizationQuery } from '../data/queries.js';
import { useLanguage } from '../i18n/language.js';
import { useOrganization, useSession } from './organization.js';
import { PAGES } from './pages.js';
import { prefer, shownTheme, usePreferences } from './preferences.js';
import { rolesOf } from './roles.js';
import { useSearchText } from './search.js';

// Only a key that is bound to no organization chooses, and lists to choose from are 40 kB.
const OrganizationChoice = lazy(async () => ({
  default: (await import('./organization-choice.js')).OrganizationChoice,
}));

export function Frame() {
  const { t } = useLanguage();
  const { pathname } = useRouterState({ select: ({ location }) => location });
  useLiveUpdates();
  useTitle(pathname);
  return (
    <>
      <a className="skip" href="#content">
        {t('nav.skip')}
      </a>
      <Header pathname={pathname} />
      <main id="content" tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="foot">
        <p>{t('foot.promise')}</p>
        <p>
          <a href="/.well-known/inference-limits.json">{t('foot.document')}</a>
        </p>
      </footer>
    </>
  );
}

function Header({ pathname }: { readonly pathname: string }) {
  const { t } = useLanguage();
  const session = useSession();
  const [isOpen, setOpen] = useState(false);
  // On a narrow screen the open menu covers the page: going somewhere closes it.
  useEffect(() => setOpen(false), [pathname]);
  return (
    <header className="top">
      <div className="top-row">
        <Link to="/" className="brand">
          <img src="/icon.svg" alt="" width="22" height="22" />
          <bdi>Meterbook</bdi>
        </Link>
        <button
          type="button"
          className="menu-button"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          {t('nav.menu')}
        </button>
        <div id="navigation" className={isOpen ? 'open' : ''}>
          <Navigation />
          <div className="tools">
            <Suspense>
              {session?.organization === null ? <OrganizationChoice /> : <OrganizationName />}
            </Suspense>
            <Tools />
            {session ? <SignOut /> : <Link to="/signin">{t('nav.signin')}</Link>}
          </div>
        </div>
      </div>
    </header>
  );
}

function Navigation() {
  const { t } = useLanguage();
  const roles = rolesOf(useSession());
  const { org } = useSearchText();
  const seen = PAGES.filter(({ nav, role }) => nav !== undefined && roles.has(role));
  return (
    <nav aria-label={t('nav.label')}>
      <ul>
        {seen.map(({ path, nav }) => (
          <li key={path}>
            <Link to={path} search={{ org }} activeOptions={{ includeSearch: false }}>
              {nav && t(nav)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function OrganizationName() {
  const organization = useOrganization();
  const { data } = useQuery({
    ...organizationQuery(organization ?? ''),
    enabled: organization !== undefined,
  });
  if (organization === undefined) return null;
  return <bdi className="organization">{data?.name ?? organization}</bdi>;
}

function Tools() {
  const { t } = useLanguage();
  const { language, theme } = usePreferences();
  const other = language === 'en' ? 'ar' : 'en';
  const isDark = shownTheme(theme) === 'dark';
  return (
    <>
      <Button className="tool" onPress={() => prefer({ language: other })}>
        <span lang={other}>{other === 'ar' ? 'العربية' : 'English'}</span>
      </Button>
      <Button
        className="tool"
        onPress={() => prefer({ theme: isDark ? 'light' : 'dark' })}
        aria-label={t(isDark ? 'nav.light' : 'nav.dark')}
      >
        <span aria-hidden="true">{isDark ? '☀' : '☾'}</span>
      </Button>
    </>
  );
}

function SignOut() {
  const { t } = useLanguage();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async (): Promise<void> => {
    await change('DELETE', '/session').catch(() => undefined);
    // Nothing of one reader's numbers stays for the next one.
    client.clear();
    client.setQueryData(['session'], null);
    await navigate({ to: '/pricing' });
  };
  return (
    <Button className="tool text" onPress={() => void signOut()}>
      {t('nav.signout')}
    </Button>
  );
}

function useLiveUpdates(): void {
  const client = useQueryClient();
  const organization = useOrganization();
  useEffect(
    () => (organization === undefined ? undefined : listen(client, organization)),
    [client, organization],
  );
}

function useTitle(pathname: string): void {
  const { t } = useLanguage();
  useEffect(() => {
    const nav = PAGES.find(({ path }) => path === pathname)?.nav;
    document.title = nav ? `${t(nav)} · Meterbook` : 'Meterbook';
  }, [pathname, t]);
}
