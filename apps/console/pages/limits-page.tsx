// Every limit of every model with its live use.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useOrganization } from '../app/organization.js';
import { limitsQuery } from '../data/queries.js';
import { useLanguage } from '../i18n/language.js';
import { Field } from '../parts/field.js';
import { Empty, Loaded } from '../parts/loaded.js';
import { Page } from '../parts/section.js';
import { LimitsTable } from './dashboard/limits-now.js';

export function LimitsPage() {
  const { t } = useLanguage();
  const organization = useOrganization();
  const [text, setText] = useState('');
  const query = useQuery({
    ...limitsQuery(organization ?? ''),
    enabled: organization !== undefined,
  });
  return (
    <Page title={t('limits.title')} intro={t('limits.intro')}>
      <div className="form narrow">
        <Field label={t('limits.search')} value={text} onChange={setText} type="search" isCode />
      </div>
      <div className="section">
        <Loaded query={query} part="limits" lines={12}>
          {({ models }) => {
            const found = models.filter(({ model }) => model.includes(text.trim().toLowerCase()));
            if (found.length === 0) return <Empty>{t('limits.no_model', { text })}</Empty>;
            return <LimitsTable models={found} />;
          }}
        </Loaded>
      </div>
    </Page>
  );
}
