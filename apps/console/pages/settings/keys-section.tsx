// The organization's keys: never a secret but once, when one is made.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { change } from '../../data/api.js';
import { account as accountPath } from '../../data/queries.js';
import type { ApiKey, Organization } from '../../data/types.js';
import { useLanguage } from '../../i18n/language.js';
import { Ask } from '../../parts/ask.js';
import { Instant, Name } from '../../parts/figure.js';
import { reasonOf } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';
import { NewKey } from './new-key.js';

interface KeysSectionProps {
  readonly account: Organization;
  readonly mayChange: boolean;
}

export function KeysSection({ account, mayChange }: KeysSectionProps) {
  const { t } = useLanguage();
  const [isMaking, setMaking] = useState(false);
  return (
    <Section
      title={t('settings.keys')}
      intro={t('settings.keys_intro')}
      aside={
        mayChange && (
          <Button className="button" onPress={() => setMaking(true)}>
            {t('settings.new_key')}
          </Button>
        )
      }
    >
      {isMaking && <NewKey organization={account.id} close={() => setMaking(false)} />}
      <KeysTable account={account} mayChange={mayChange} />
    </Section>
  );
}

function KeysTable({ account, mayChange }: KeysSectionProps) {
  const { t, name } = useLanguage();
  return (
    <Table
      label={t('settings.keys')}
      none={t('settings.no_keys')}
      rows={account.keys}
      keyOf={({ id }) => id}
      columns={[
        { id: 'name', head: t('settings.key_name'), cell: (key) => <bdi>{key.name}</bdi> },
        { id: 'id', head: t('settings.key_id'), cell: ({ id }) => <Name>{id}</Name> },
        {
          id: 'scopes',
          head: t('settings.key_scopes'),
          cell: ({ scopes }) => scopes.map((scope) => name('scope', scope)).join(' · '),
        },
        {
          id: 'created',
          head: t('settings.key_created'),
          cell: ({ created_at }) => <Instant at={created_at} dayOnly />,
        },
        {
          id: 'expires',
          head: t('settings.key_expires'),
          cell: ({ expires_at }) =>
            expires_at === null ? t('invoices.never') : <Instant at={expires_at} dayOnly />,
        },
        {
          id: 'state',
          head: t('settings.key_state'),
          cell: (key) => <KeyState organization={account.id} apiKey={key} mayChange={mayChange} />,
        },
      ]}
    />
  );
}

interface KeyStateProps {
  readonly organization: string;
  readonly apiKey: ApiKey;
  readonly mayChange: boolean;
}

function KeyState({ organization, apiKey, mayChange }: KeyStateProps) {
  const { t, d } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: async () =>
      change('DELETE', accountPath(organization, `/api-keys/${encodeURIComponent(apiKey.id)}`)),
    onSuccess: async () => {
      setAsking(false);
      await client.invalidateQueries({ queryKey: ['organization'] });
    },
  });
  if (apiKey.revoked_at !== null)
    return (
      <span className="quiet">{t('settings.key_revoked', { at: d.day(apiKey.revoked_at) })}</span>
    );
  if (apiKey.expires_at !== null && Date.parse(apiKey.expires_at) <= Date.now())
    return <span className="quiet">{t('settings.key_expired')}</span>;
  if (!mayChange) return t('settings.key_active');
  return (
    <>
      <button type="button" className="link-button" onClick={() => setAsking(true)}>
        {t('settings.revoke')}
        <span className="hidden"> {apiKey.name}</span>
      </button>
      {isAsking && (
        <Ask
          title={t('settings.revoke_title', { name: apiKey.name })}
          role="alertdialog"
          close={() => setAsking(false)}
        >
          <p>{t('settings.revoke_text')}</p>
          {revoke.isError && (
            <p role="alert" className="field-error">
              {reasonOf(revoke.error, t)}
            </p>
          )}
          <div className="actions">
            <Button
              className="button primary"
              isPending={revoke.isPending}
              onPress={() => revoke.mutate()}
            >
              {t('settings.revoke')}
            </Button>
            <Button className="button" onPress={() => setAsking(false)}>
              {t('action.cancel')}
            </Button>
          </div>
        </Ask>
      )}
    </>
  );
}
