// Pages for what went wrong: an address that is none, and a fault of our own.
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { useLanguage } from '../i18n/language.js';
import { Page } from '../parts/section.js';

export function NotFound() {
  const { t } = useLanguage();
  return (
    <Page title={t('notfound.title')} intro={t('notfound.intro')}>
      <p>
        <Link to="/">{t('notfound.home')}</Link>
      </p>
    </Page>
  );
}

/** A fault of the console itself; a page that was taken away by a new release is cured by loading again. */
export function Crashed({ error }: ErrorComponentProps) {
  const { t } = useLanguage();
  return (
    <Page title={t('crashed.title')} intro={t('crashed.intro')}>
      <p className="quiet" dir="ltr">
        {error instanceof Error ? error.message : String(error)}
      </p>
      <p>
        <button className="button" type="button" onClick={() => location.reload()}>
          {t('crashed.reload')}
        </button>
      </p>
    </Page>
  );
}
