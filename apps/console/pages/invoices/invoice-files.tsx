import { useMutation } from '@tanstack/react-query';
import { useLanguage } from '../../i18n/language.js';
import { reasonOf } from '../../parts/loaded.js';
import { saveFrom } from '../../parts/save-file.js';

/** An invoice as PDF (in the reader's language) and CSV. */
export function InvoiceFiles({ number }: { readonly number: string }) {
  const { t, locale } = useLanguage();
  const save = useMutation({
    mutationFn: async (type: 'pdf' | 'csv') =>
      saveFrom(
        `/v1/invoices/${encodeURIComponent(number)}`,
        type === 'pdf' ? 'application/pdf' : 'text/csv',
        { name: `${number}.${type}`, language: locale.language },
      ),
  });
  return (
    <span className="actions">
      {(['pdf', 'csv'] as const).map((type) => (
        <button
          key={type}
          type="button"
          className="link-button"
          aria-label={`${type.toUpperCase()} ${number}`}
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
