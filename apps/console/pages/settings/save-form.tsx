import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { useLanguage } from '../../i18n/language.js';
import { reasonOf } from '../../parts/loaded.js';

interface SaveFormProps<Body> {
  /** What the fields say, as the API takes it; undefined while one of them is wrong. */
  readonly body: Body | undefined;
  /** The mutation that sends it. */
  readonly save: {
    readonly mutate: (body: Body) => void;
    readonly isPending: boolean;
    readonly isSuccess: boolean;
    readonly isError: boolean;
    readonly error: unknown;
  };
  readonly mayChange?: boolean;
  readonly children: ReactNode;
}

/** Fields with one button below, and what became of the last try. */
export function SaveForm<Body>({ body, save, mayChange = true, children }: SaveFormProps<Body>) {
  const { t } = useLanguage();
  return (
    <Form
      className="form narrow"
      onSubmit={(event) => {
        event.preventDefault();
        if (body !== undefined) save.mutate(body);
      }}
    >
      {children}
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
  );
}
