// The spend limit of the organization and the alerts on the way to it; both act at once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { change } from '../../data/api.js';
import { account as accountPath } from '../../data/queries.js';
import type { Organization } from '../../data/types.js';
import { alertsOf, amountOf } from '../../domain/forms.js';
import { useLanguage } from '../../i18n/language.js';
import { Switcher } from '../../parts/choice.js';
import { Field } from '../../parts/field.js';
import { Section } from '../../parts/section.js';
import { SaveForm } from './save-form.js';

interface SpendLimitFormProps {
  readonly account: Organization;
  readonly mayChange: boolean;
}

export function SpendLimitForm({ account, mayChange }: SpendLimitFormProps) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const { spend_limit: limit, currency } = account;
  const [typed, setTyped] = useState(() => ({
    amount: limit?.amount ?? '',
    mode: limit?.mode ?? 'hard',
    alerts: (limit?.alerts ?? [50n, 80n, 100n]).join(', '),
  }));
  const { mode } = typed;
  const amount = amountOf(typed.amount);
  const alerts = alertsOf(typed.alerts);
  const isWhole = amount !== undefined && alerts !== undefined;
  const save = useMutation({
    mutationFn: async (body: unknown) =>
      change('PUT', accountPath(account.id, '/spend-limit'), body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['organization'] });
      await client.invalidateQueries({ queryKey: ['spend'] });
    },
  });
  const set = (some: Partial<typeof typed>): void => {
    setTyped({ ...typed, ...some });
    save.reset();
  };
  return (
    <Section title={t('settings.spend')} intro={t('settings.spend_intro')}>
      <SaveForm
        body={isWhole ? { mode, amount, alerts } : undefined}
        save={save}
        mayChange={mayChange}
      >
        <Field
          label={`${t('settings.amount')} (${currency})`}
          hint={t('settings.amount_hint')}
          value={typed.amount}
          onChange={(text) => set({ amount: text })}
          error={amount === undefined ? t('settings.amount_wrong') : undefined}
          inputMode="decimal"
          isCode
        />
        <div>
          <Switcher
            label={t('settings.mode')}
            options={[
              { id: 'hard', text: t('settings.hard') },
              { id: 'soft', text: t('settings.soft') },
            ]}
            value={mode}
            onChange={(id) => set({ mode: id === 'soft' ? 'soft' : 'hard' })}
          />
        </div>
        <Field
          label={t('settings.alerts')}
          hint={t('settings.alerts_hint')}
          value={typed.alerts}
          onChange={(text) => set({ alerts: text })}
          error={alerts === undefined ? t('settings.alerts_wrong') : undefined}
          isCode
        />
      </SaveForm>
    </Section>
  );
}
