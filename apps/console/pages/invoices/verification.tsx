// "Re-derive from the log": the invoice is made again from the events, and the answer is told in words.
import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { change } from '../../data/api.js';
import { invoicePath } from '../../data/billing-queries.js';
import type { Verification as Answer } from '../../data/billing-types.js';
import { readable } from '../../domain/readable.js';
import { useLanguage } from '../../i18n/language.js';
import { Name } from '../../parts/figure.js';
import { reasonOf } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { Table } from '../../parts/table.js';

export function Verification({ number }: { readonly number: string }) {
  const { t } = useLanguage();
  const verify = useMutation({
    mutationFn: async () => change<Answer>('POST', invoicePath(number, '/verify')),
  });
  return (
    <Section title={t('verify.title')} intro={t('verify.intro')} className="verify">
      <p>
        <Button className="button" isPending={verify.isPending} onPress={() => verify.mutate()}>
          {t(verify.isPending ? 'verify.running' : 'verify.start')}
        </Button>
      </p>
      <div role="status">
        {verify.isError && <p className="notice files">{reasonOf(verify.error, t)}</p>}
        {verify.data && <InWords answer={verify.data} />}
      </div>
    </Section>
  );
}

function InWords({ answer }: { readonly answer: Answer }) {
  const { t, f } = useLanguage();
  const { equal, bytes_equal: isSame, events, differences } = answer;
  const result = equal ? (isSame ? 'verify.same' : 'verify.equal') : 'verify.differs';
  return (
    <>
      <p className={`notice files${equal ? ' good' : ''}`}>
        <strong>{t(result)}</strong> {t('verify.read', { count: f.count(events) }, events)}
      </p>
      {differences.length > 0 && (
        <Table
          label={t('verify.differences')}
          rows={differences}
          keyOf={({ path }) => path}
          columns={[
            { id: 'path', head: t('verify.path'), cell: ({ path }) => <Name>{path}</Name> },
            {
              id: 'stored',
              head: t('verify.stored'),
              cell: ({ stored }) => <Name>{readable(stored)}</Name>,
            },
            {
              id: 'derived',
              head: t('verify.derived'),
              cell: ({ derived }) => <Name>{readable(derived)}</Name>,
            },
          ]}
        />
      )}
    </>
  );
}
