// Why was I refused? A decision by its id, in words, with the usage that filled the bucket and when it frees.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { useChangeSearch, useSearchText } from '../app/search.js';
import { ApiError } from '../data/api.js';
import { decisionQuery } from '../data/queries.js';
import type { Decision } from '../data/types.js';
import { readable } from '../domain/readable.js';
import { T, useLanguage } from '../i18n/language.js';
import { Field } from '../parts/field.js';
import { Instant, Name } from '../parts/figure.js';
import { Facts } from '../parts/facts.js';
import { Loaded } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { Contributors } from './refusal/contributors.js';
import { Violations } from './refusal/violations.js';
import { Windows } from './refusal/windows.js';

export function RefusalPage() {
  const { t } = useLanguage();
  const { id } = useSearchText();
  const change = useChangeSearch();
  const [typed, setTyped] = useState(id ?? '');
  return (
    <Page
      title={t('refusal.title')}
      intro={<T k="refusal.intro" v={{ header: <Name>meterbook-decision-id</Name> }} />}
    >
      <Form
        className="form narrow"
        onSubmit={(event) => {
          event.preventDefault();
          change({ id: typed.trim() || undefined });
        }}
      >
        <Field label={t('refusal.id')} value={typed} onChange={setTyped} isCode />
        <Button type="submit" className="button primary">
          {t('refusal.find')}
        </Button>
      </Form>
      {id !== undefined && <Found key={id} id={id} />}
    </Page>
  );
}

function Found({ id }: { readonly id: string }) {
  const query = useQuery(decisionQuery(id));
  if (query.error instanceof ApiError && [400, 404].includes(query.error.status))
    return (
      <p className="notice section" role="alert">
        <T k="refusal.unknown" v={{ id: <Name>{id}</Name> }} />
      </p>
    );
  return (
    <div className="section">
      <Loaded query={query} part="decision" lines={6}>
        {(decision) => <Explained decision={decision} />}
      </Loaded>
    </div>
  );
}

function Explained({ decision }: { readonly decision: Decision }) {
  const { t } = useLanguage();
  const isRefused = decision.outcome === 'refused';
  return (
    <>
      <p className="verdict">{t(isRefused ? 'refusal.refused' : 'refusal.admitted')}</p>
      <p className="quiet">
        <T k="refusal.at" v={{ at: <Instant at={decision.at} /> }} /> · <Name>{decision.id}</Name>
      </p>
      {decision.leased === true && <p className="quiet">{t('refusal.leased')}</p>}
      {isRefused ? <Violations decision={decision} /> : <p>{t('refusal.was_admitted')}</p>}
      {isRefused && <Contributors decision={decision} />}
      <Windows decision={decision} />
      <Section title={t('refusal.request')}>
        <Facts
          facts={Object.entries(decision.request)
            .filter(([, value]) => value !== null)
            .map(([field, value]) => [<Name>{field}</Name>, <Name>{readable(value)}</Name>])}
        />
      </Section>
      {decision.answer && (
        <Section title={t('refusal.answer')}>
          <pre className="code">{readable(decision.answer)}</pre>
        </Section>
      )}
    </>
  );
}
