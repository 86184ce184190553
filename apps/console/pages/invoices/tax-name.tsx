import type { Tax } from '../../data/billing-types.js';
import { T, useLanguage } from '../../i18n/language.js';

/** "VAT, 19 %", whether prices contain it, and why it is not charged where it is not; as on the PDF (invoicing, printed-document.ts). */
export function TaxName({ tax }: { readonly tax: Tax }) {
  const { t, name } = useLanguage();
  const { percent, behavior, exemption, note } = tax;
  const title = <bdi>{tax.name ?? t('kind.tax')}</bdi>;
  const rate =
    percent === undefined ? (
      title
    ) : (
      <T k="invoice.tax" v={{ name: title, percent: <bdi dir="ltr">{percent}</bdi> }} />
    );
  return (
    <>
      {behavior === 'inclusive' ? <T k="invoice.tax_included" v={{ tax: rate }} /> : rate}
      {exemption && (
        <span className="quiet small detail">
          {name('exemption', exemption.kind)}
          {exemption.reason && ': '}
          <bdi>{exemption.reason}</bdi>
        </span>
      )}
      {note && <bdi className="quiet small detail">{note}</bdi>}
    </>
  );
}
