// Makes a key and shows it the one time that it is there to be shown.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Checkbox } from 'react-aria-components/Checkbox';
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { Form } from 'react-aria-components/Form';
import { Label } from 'react-aria-components/Label';
import { change } from '../../data/api.js';
import { account } from '../../data/queries.js';
import { expiryOf } from '../../domain/forms.js';
import { useLanguage } from '../../i18n/language.js';
import { Ask } from '../../parts/ask.js';
import { Field } from '../../parts/field.js';
import { reasonOf } from '../../parts/loaded.js';

const SCOPES = [
  'usage:read',
  'billing:read',
  'usage:write',
  'quota:reserve',
  'billing:write',
  'admin',
] as const;

interface NewKeyProps {
  readonly organization: string;
  readonly close: () => void;
}

interface MadeKey {
  readonly name: string;
  readonly key: string;
}

export function NewKey({ organization, close }: NewKeyProps) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: async (body: unknown) =>
      change<MadeKey>('POST', account(organization, '/api-keys'), body),
    onSuccess: async () => client.invalidateQueries({ queryKey: ['organization'] }),
    // The secret is in the answer: it is not kept a moment longer than this dialog.
    gcTime: 0,
  });
  if (make.data) return <ShownOnce made={make.data} close={close} />;
  return (
    <Ask title={t('settings.new_key')} close={close}>
      <KeyForm
        isPending={make.isPending}
        said={make.isError ? reasonOf(make.error, t) : undefined}
        submit={(body) => make.mutate(body)}
        close={close}
      />
    </Ask>
  );
}

interface KeyFormProps {
  readonly isPending: boolean;
  readonly said: string | undefined;
  readonly submit: (body: unknown) => void;
  readonly close: () => void;
}

function KeyForm({ isPending, said, submit, close }: KeyFormProps) {
  const { t, name } = useLanguage();
  const [title, setTitle] = useState('');
  const [expires, setExpires] = useState('');
  const [scopes, setScopes] = useState<string[]>(['usage:read', 'billing:read']);
  const [isTried, setTried] = useState(false);
  const expiry = expiryOf(expires, Date.now());
  const isNamed = title.trim().length >= 1 && title.trim().length <= 200;
  return (
    <Form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (!isNamed || expiry === undefined || scopes.length === 0) return;
        submit({ name: title.trim(), scopes, ...(expiry !== null && { expires_at: expiry }) });
      }}
    >
      <Field
        label={t('settings.key_name')}
        value={title}
        onChange={setTitle}
        error={isTried && !isNamed ? t('settings.name_wrong') : undefined}
      />
      <CheckboxGroup value={scopes} onChange={setScopes} className="checks">
        <Label className="group-label">{t('settings.key_scopes')}</Label>
        {SCOPES.map((scope) => (
          <Checkbox key={scope} value={scope} className="check">
            {({ isSelected }) => (
              <>
                <span className="box" aria-hidden="true">
                  {isSelected ? '✓' : ''}
                </span>
                {name('scope', scope)}
              </>
            )}
          </Checkbox>
        ))}
        {isTried && scopes.length === 0 && (
          <p role="alert" className="field-error">
            {t('settings.scopes_wrong')}
          </p>
        )}
      </CheckboxGroup>
      <Field
        label={t('settings.key_expires')}
        hint={t('settings.expires_hint')}
        value={expires}
        onChange={setExpires}
        error={isTried && expiry === undefined ? t('settings.expires_wrong') : undefined}
        isCode
      />
      {said !== undefined && (
        <p role="alert" className="field-error">
          {said}
        </p>
      )}
      <div className="actions">
        <Button type="submit" className="button primary" isPending={isPending}>
          {t('settings.create')}
        </Button>
        <Button className="button" onPress={close}>
          {t('action.cancel')}
        </Button>
      </div>
    </Form>
  );
}

function ShownOnce({ made, close }: { readonly made: MadeKey; readonly close: () => void }) {
  const { t } = useLanguage();
  const [isCopied, setCopied] = useState(false);
  return (
    <Ask title={t('settings.key_made', { name: made.name })} close={close}>
      <p>{t('settings.key_once')}</p>
      <code className="secret" translate="no">
        {made.key}
      </code>
      <div className="actions">
        <Button
          className="button primary"
          onPress={() => void navigator.clipboard.writeText(made.key).then(() => setCopied(true))}
        >
          {t(isCopied ? 'action.copied' : 'action.copy')}
        </Button>
        <Button className="button" onPress={close}>
          {t('action.close')}
        </Button>
      </div>
    </Ask>
  );
}
