// Who the organization is: what an invoice is addressed to, and whose wire its refusals speak. Tier and currency are sent as they are:
// neither is changed here.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { change } from '../../data/api.js';
import { account as accountPath } from '../../data/queries.js';
import type { Organization } from '../../data/types.js';
import { profileOf, type TypedProfile, type WrongField } from '../../domain/profile.js';
import { useLanguage } from '../../i18n/language.js';
import { Switcher } from '../../parts/choice.js';
import { Facts } from '../../parts/facts.js';
import { Field } from '../../parts/field.js';
import { Instant, Name } from '../../parts/figure.js';
import { Section } from '../../parts/section.js';
import { SaveForm } from './save-form.js';

interface ProfileProps {
  readonly account: Organization;
  readonly mayChange: boolean;
}

export function Profile({ account, mayChange }: ProfileProps) {
  const { t } = useLanguage();
  return (
    <Section title={t('settings.profile')}>
      {mayChange ? <ProfileForm account={account} /> : <ProfileFacts account={account} />}
    </Section>
  );
}

function ProfileFacts({ account }: { readonly account: Organization }) {
  const { t } = useLanguage();
  const given = (text: string | null) =>
    text ? (
      <bdi className="multiline">{text}</bdi>
    ) : (
      <span className="quiet">{t('settings.not_given')}</span>
    );
  return (
    <Facts
      facts={[
        ...standing(account, t),
        [t('settings.name'), given(account.name)],
        [t('settings.legal_name'), given(account.legal_name)],
        [t('settings.email'), given(account.email)],
        [t('settings.address'), given(account.address)],
        [t('settings.tax_ids'), given(account.tax_ids.join(', '))],
        [t('settings.refusals'), <Name>{account.profile}</Name>],
      ]}
    />
  );
}

// What the reader cannot change.
function standing(account: Organization, t: ReturnType<typeof useLanguage>['t']) {
  return [
    [t('settings.organization'), <Name>{account.id}</Name>],
    [t('settings.currency'), <Name>{account.currency}</Name>],
    [t('settings.registered'), <Instant at={account.registered_at} dayOnly />],
  ] as const;
}

function ProfileForm({ account }: { readonly account: Organization }) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const [typed, setTyped] = useState(() => typedOf(account));
  const { body, wrong } = profileOf(typed);
  const save = useMutation({
    mutationFn: async (profile: NonNullable<typeof body>) => {
      const { currency, tier, timezone_label } = account;
      return change('PUT', accountPath(account.id), {
        ...profile,
        currency,
        tier,
        timezone_label,
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['organization'] });
      await client.invalidateQueries({ queryKey: ['organizations'] });
      await client.invalidateQueries({ queryKey: ['upcoming'] });
    },
  });
  const set = (some: Partial<TypedProfile>): void => {
    setTyped({ ...typed, ...some });
    save.reset();
  };
  return (
    <>
      <Facts facts={standing(account, t)} />
      <SaveForm body={body} save={save}>
        <ProfileFields typed={typed} wrong={wrong} set={set} />
      </SaveForm>
    </>
  );
}

interface ProfileFieldsProps {
  readonly typed: TypedProfile;
  readonly wrong: ReadonlySet<WrongField>;
  readonly set: (some: Partial<TypedProfile>) => void;
}

function ProfileFields({ typed, wrong, set }: ProfileFieldsProps) {
  const { t } = useLanguage();
  const errorOf = (field: WrongField): string | undefined =>
    wrong.has(field) ? t(`settings.${field}_wrong`) : undefined;
  return (
    <>
      <Field
        label={t('settings.name')}
        value={typed.name}
        onChange={(name) => set({ name })}
        error={errorOf('name')}
      />
      <Field
        label={t('settings.legal_name')}
        value={typed.legal_name}
        onChange={(legal_name) => set({ legal_name })}
        error={errorOf('legal_name')}
      />
      <Field
        label={t('settings.email')}
        value={typed.email}
        onChange={(email) => set({ email })}
        error={errorOf('email')}
        type="email"
        isCode
      />
      <Field
        label={t('settings.address')}
        value={typed.address}
        onChange={(address) => set({ address })}
        error={errorOf('address')}
        rows={3}
      />
      <Field
        label={t('settings.tax_ids')}
        hint={t('settings.tax_ids_hint')}
        value={typed.tax_ids}
        onChange={(tax_ids) => set({ tax_ids })}
        error={errorOf('tax_ids')}
        isCode
      />
      <div>
        <p className="group-label">{t('settings.refusals')}</p>
        <Switcher
          label={t('settings.refusals')}
          options={[
            { id: 'groq', text: 'Groq' },
            { id: 'openai', text: 'OpenAI' },
          ]}
          value={typed.profile}
          onChange={(id) => set({ profile: id === 'openai' ? 'openai' : 'groq' })}
        />
        <p className="quiet small files">{t('settings.refusals_hint')}</p>
      </div>
    </>
  );
}

function typedOf(account: Organization): TypedProfile {
  const { name, profile, legal_name, email, address, tax_ids } = account;
  return {
    name,
    profile,
    legal_name: legal_name ?? '',
    email: email ?? '',
    address: address ?? '',
    tax_ids: tax_ids.join(', '),
  };
}
