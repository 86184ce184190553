import { useMutation } from '@tanstack/react-query';
import { useLanguage } from '../../i18n/language.js';
import { reasonOf } from '../../parts/loaded.js';
import { saveFrom } from '../../parts/save-file.js';

const MEDIA_TYPES = { pdf: 'application/pdf', csv: 'text/csv' } as const;

interface DocumentFilesProps {
  readonly path: 'invoices' | 'credit-notes';
  readonly number: string;
  readonly types: readonly (keyof typeof MEDIA_TYPES)[];
}

/** A document of billing as files: the PDF in the reader's language. */
export function DocumentFiles({ path, number, types }: DocumentFilesProps) {
  const { t, locale } = useLanguage();
  const save = useMutation({
    mutationFn: async (type: keyof typeof MEDIA_TYPES) =>
      saveFrom(`/v1/${path}/${encodeURIComponent(number)}`, MEDIA_TYPES[type], {
        name: `${number}.${type}`,
        language: locale.language,
      }),
  });
  return (
    <span className="actions">
      {types.map((type) => (
        <button
          key={type}
          type="button"
          className="link-button"
          aria-label={`${type.toUpperCase()} ${number}`}
          aria-busy={save.isPending && save.variables === type}
          onClick={() => save.mutate(type)}
        >
          {type.toUpperCase()}
        </button>
      ))}
      {save.isError && (
        <span role="alert" className="field-error">
          {reasonOf(save.error, t)}
        </span>
      )}
    </span>
  );
}

/** An invoice as PDF and CSV. */
export function InvoiceFiles({ number }: { readonly number: string }) {
  return <DocumentFiles path="invoices" number={number} types={['pdf', 'csv']} />;
}
