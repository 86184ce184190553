// The spend limit of the organization and the alerts on the way to it; both act at once.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { change } from '../../data/api.js';
import type { Organization } from '../../data/types.js';
import { alertsOf, amountOf } from '../../domain/forms.js';
import { useLanguage } from '../../i18n/language.js';
import { Switcher } from '../../parts/choice.js';
import { Field } from '../../parts/field.js';
import { reasonOf } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';

interface SpendLimitFormProps {
  readonly account: Organization;
  readonly mayChange: boolean;
}

export function SpendLimitForm({ account, mayChange }: SpendLimitFormProps) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const limit = account.spend_limit;
  const [amount, setAmount] = useState(limit?.amount ?? '');
  const [mode, setMode] = useState<string>(limit?.mode ?? 'hard');
  const [alerts, setAlerts] = useState((limit?.alerts ?? [50n, 80n, 100n]).join(', '));
  const asked = { amount: amountOf(amount), alerts: alertsOf(alerts) };
  const save = useMutation({
    mutationFn: async (body: unknown) =>
      change('PUT', `/v1/organizations/${encodeURIComponent(account.id)}/spend-limit`, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['organization'] });
      await client.invalidateQueries({ queryKey: ['spend'] });
    },
  });
  return (
    <Section title={t('settings.spend')} intro={t('settings.spend_intro')}>
      <Form
        className="stack narrow"
        onSubmit={(event) => {
          event.preventDefault();
          if (asked.amount !== undefined && asked.alerts !== undefined)
            save.mutate({ mode, ...asked });
        }}
      >
        <Field
          label={`${t('settings.amount')} (${account.currency})`}
          hint={t('settings.amount_hint')}
          value={amount}
          onChange={setAmount}
          error={asked.amount === undefined ? t('settings.amount_wrong') : undefined}
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
            onChange={setMode}
          />
        </div>
        <Field
          label={t('settings.alerts')}
          hint={t('settings.alerts_hint')}
          value={alerts}
          onChange={setAlerts}
          error={asked.alerts === undefined ? t('settings.alerts_wrong') : undefined}
          isCode
        />
        {mayChange && (
          <div className="actions">
            <Button type="submit" className="button primary" isPending={save.isPending}>
              {t('action.save')}
            </Button>
          </div>
        )}
        <p role="status" className={save.isError ? 'field-error' : 'quiet'}>
          {save.isError ? reasonOf(save.error, t) : save.isSuccess ? t('action.saved') : ''}
        </p>
      </Form>
    </Section>
  );
}
