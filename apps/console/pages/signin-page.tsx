// Sign in by API key. The key goes to the edge once and is not kept in the browser: what stays is an HttpOnly cookie.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { ApiError, change, get } from '../data/api.js';
import type { Session } from '../data/types.js';
import { useLanguage } from '../i18n/language.js';
import { Field } from '../parts/field.js';
import { reasonOf } from '../parts/loaded.js';
import { Page } from '../parts/section.js';

export function SignInPage() {
  const { t } = useLanguage();
  const client = useQueryClient();
  const navigate = useNavigate();
  const isOwnPage = useRouterState({ select: ({ location }) => location.pathname === '/signin' });
  const [key, setKey] = useState('');
  const signIn = useMutation({
    mutationFn: async (typed: string) => {
      await change('POST', '/session', { key: typed });
      return get<Session>('/session');
    },
    onSuccess: async (session) => {
      client.clear();
      client.setQueryData(['session'], session);
      if (isOwnPage) await navigate({ to: '/dashboard' });
    },
    // The wrong key is an answer to the form, not the end of a session.
    onError: () => setKey(''),
  });
  const said = signIn.error && wordsFor(signIn.error, t);
  return (
    <Page title={t('signin.title')} intro={t(isOwnPage ? 'signin.intro' : 'signin.needed')}>
      <Form
        className="form narrow"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(key.trim());
        }}
      >
        <Field
          label={t('signin.key')}
          hint={t('signin.hint')}
          type="password"
          name="key"
          value={key}
          onChange={setKey}
          error={said ?? undefined}
          isRequired
        />
        <Button className="button primary" type="submit" isPending={signIn.isPending}>
          {t('signin.submit')}
        </Button>
      </Form>
    </Page>
  );
}

function wordsFor(error: unknown, t: ReturnType<typeof useLanguage>['t']): string {
  if (error instanceof ApiError && error.status === 401) return t('signin.wrong');
  return reasonOf(error, t);
}
