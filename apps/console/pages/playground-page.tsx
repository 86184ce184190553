// The price playground: a request, a month of it, on each plan; by the published document and exact.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useChangeSearch, useSearchText } from '../app/search.js';
import { publishedQuery } from '../data/queries.js';
import { countOf, type Playground, playgroundOf, searchOf } from '../domain/playground.js';
import { modelsByStatus, type Published, serviceTiersOf } from '../domain/published.js';
import { T, useLanguage } from '../i18n/language.js';
import { Choice } from '../parts/choice.js';
import { Field } from '../parts/field.js';
import { Name } from '../parts/figure.js';
import { Loaded } from '../parts/loaded.js';
import { Page, Section } from '../parts/section.js';
import { Costs } from './playground/costs.js';

export function PlaygroundPage() {
  const { t } = useLanguage();
  const query = useQuery(publishedQuery);
  return (
    <Page title={t('playground.title')} intro={t('playground.intro')}>
      <Loaded query={query} part="published" lines={10}>
        {(document) => <Worked document={document} />}
      </Loaded>
    </Page>
  );
}

function Worked({ document }: { readonly document: Published }) {
  const { t } = useLanguage();
  const { playground, unknown } = playgroundOf(document, useSearchText());
  const { retired } = modelsByStatus(document);
  return (
    <>
      {unknown.length > 0 && (
        <p className="notice" role="status">
          <T k="playground.unknown" v={{ what: <Name>{unknown.join(', ')}</Name> }} />
        </p>
      )}
      {retired.includes(playground.model) && (
        <p className="notice" role="status">
          {t('playground.model_gone')}
        </p>
      )}
      <div className="columns">
        <Section title={t('playground.request')}>
          <Inputs document={document} playground={playground} />
        </Section>
        <Costs document={document} playground={playground} />
      </div>
    </>
  );
}

interface InputsProps {
  readonly document: Published;
  readonly playground: Playground;
}

function Inputs({ document, playground }: InputsProps) {
  const { t, name } = useLanguage();
  const change = useChangeSearch();
  const set = (some: Partial<Playground>): void => change(searchOf({ ...playground, ...some }));
  const { offered, retired } = modelsByStatus(document);
  const model = document.models[playground.model];
  const priced = [
    ...offered,
    ...(retired.includes(playground.model) ? [playground.model] : []),
  ].filter((id) => document.models[id]?.prices['on_demand']?.['input'] !== undefined);
  const adapters = Object.keys(model?.adapters ?? {});
  return (
    <div className="stack">
      <Choice
        label={t('pricing.model')}
        options={priced.map((id) => ({ id, text: id, isName: true }))}
        value={playground.model}
        onChange={(id) => change({ ...searchOf({ ...playground, model: id }), adapter: undefined })}
      />
      <div className="fields">
        <Choice
          label={t('playground.service_tier')}
          options={serviceTiersOf(model).map((id) => ({ id, text: name('service_tier', id) }))}
          value={playground.service_tier}
          onChange={(service_tier) => set({ service_tier })}
        />
        <Choice
          label={t('playground.adapter')}
          options={[
            { id: '-', text: t('playground.no_adapter') },
            ...adapters.map((id) => ({ id, text: id === 'lora' ? 'LoRA' : id, isName: true })),
          ]}
          value={playground.adapter ?? '-'}
          onChange={(id) => change({ adapter: id === '-' ? undefined : id })}
        />
      </div>
      <div className="fields">
        <CountField label={t('playground.input')} name="input" playground={playground} />
        <CountField label={t('playground.cached')} name="cached" playground={playground} />
        <CountField label={t('playground.output')} name="output" playground={playground} />
        <CountField
          label={t('playground.requests')}
          name="requests_per_day"
          playground={playground}
        />
      </div>
    </div>
  );
}

interface CountFieldProps {
  readonly label: string;
  readonly name: 'input' | 'cached' | 'output' | 'requests_per_day';
  readonly playground: Playground;
}

/** What is typed goes into the URL when it is a count; until then it stays in the field with what is wrong. */
function CountField({ label, name, playground }: CountFieldProps) {
  const { t } = useLanguage();
  const change = useChangeSearch();
  const [typed, setTyped] = useState<string>();
  const isWrong = typed !== undefined && countOf(typed) === undefined;
  return (
    <Field
      label={label}
      value={typed ?? String(playground[name])}
      onChange={(text) => {
        const count = countOf(text);
        setTyped(text);
        if (count !== undefined) change({ [name]: String(count) });
      }}
      inputMode="numeric"
      error={isWrong ? t('playground.wrong_count') : undefined}
      isCode
    />
  );
}
