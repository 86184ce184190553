// Starts the console in the browser.
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { showOnRoot, usePreferences } from './app/preferences.js';
import { makeRouter } from './app/router.js';
import { ApiError } from './data/api.js';
import { untilBack } from './data/queries.js';
import { tagOf } from './domain/figures.js';
import { en, type Messages } from './i18n/en.js';
import { LanguageProvider } from './i18n/language.js';
import { copyExactly } from './parts/exact-copy.js';
import './styles/fonts.css';
import './styles/palette.css';
import './styles/base.css';
import './styles/frame.css';
import './styles/buttons.css';
import './styles/fields.css';
import './styles/choices.css';
import './styles/tables.css';
import './styles/states.css';
import './styles/chart.css';
import './styles/dialog.css';
import './styles/page.css';
import './styles/dashboard.css';
import './styles/pricing.css';
import './styles/print.css';

// A session that ended shows the sign-in form at once, on whatever page it is noticed.
const signedOut = (error: unknown): void => {
  if (error instanceof ApiError && error.status === 401) client.setQueryData(['session'], null);
};
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // What was refused is refused again; a part that does not answer is asked twice more.
      retry: (failures, error) => error instanceof ApiError && error.isOutage && failures < 2,
      retryDelay: (failures) => 500 * 2 ** failures,
      refetchInterval: ({ state }) => untilBack(state),
    },
  },
});
const router = makeRouter();

function App() {
  const preferences = usePreferences();
  const { language, digits } = preferences;
  const messages = useMessages(language);
  useEffect(() => showOnRoot(preferences), [preferences]);
  if (!messages) return null;
  return (
    <I18nProvider locale={tagOf({ language, digits })}>
      <LanguageProvider locale={{ language, digits }} messages={messages}>
        <RouterProvider router={router} />
      </LanguageProvider>
    </I18nProvider>
  );
}

/** English is in the first script; Arabic is fetched when it is the reader's. */
function useMessages(language: 'en' | 'ar'): Messages | undefined {
  const [arabic, setArabic] = useState<Messages>();
  useEffect(() => {
    if (language === 'ar') void import('./i18n/ar.js').then(({ ar }) => setArabic(ar));
  }, [language]);
  return language === 'en' ? en : arabic;
}

document.addEventListener('copy', copyExactly);
const root = document.querySelector('#root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
