import { account } from '#libs/rating/test/terms.js';
import { draftInvoice } from '../domain/invoice.js';
import { DRAFT, invoiceDocument } from '../domain/invoice-document.js';
import { line, month, NOVEMBER } from '../test/rated.js';
import { invoiceCsv } from './invoice-csv.js';

function csvOf(model: string, units = 5n): string[] {
  const rated = month([line({ model, units })]);
  const invoice = draftInvoice({ account: account(), period: NOVEMBER, rated, late: [], cut: {} });
  return invoiceCsv(invoiceDocument(invoice, DRAFT)).split('\r\n');
}

describe('an invoice as CSV', () => {
  it('has a header and a row per line', () => {
    const [header, row, rest] = csvOf('llama');
    expect(header).toBe(
      'number,organization,currency,line,kind,description,model,service_tier,adapter,pool,from,to,quantity,unit,price_per_million,amount_exact,amount,catalog_version,override_id,tier,events,digest,adjusts_invoice,adjusts_from,adjusts_to,part,above_context,state,tax,tax_rates',
    );
    expect(row).toBe(
      ',org_acme,USD,1,usage,"llama input, on_demand",llama,on_demand,,input,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,5,token,0.00000005,0.00000000000025,0.00,one,,,1,00000000000000010000000000000002,,,,,,draft,,',
    );
    expect(rest).toBe('');
  });

  it.each([
    ['=1+1', `'=1+1`],
    ['@cmd', `'@cmd`],
    ['-x', `'-x`],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
  ])('quotes the model %s as %s, so that no spreadsheet runs it', (model, expected) => {
    expect(csvOf(model)[1]).toContain(`,${expected},on_demand`);
  });

  it('has the share of each tax on a line, and a row for a tax on top', () => {
    const rate = { name: 'VAT', percent: '19', jurisdiction: 'DE', exemption: null } as const;
    const taxes = [{ from: 0, rates: [{ ...rate, behavior: 'exclusive' as const }] }];
    const of = { ...account(), taxes };
    const rated = month([line({ units: 1n, femtoPerUnit: 10n ** 15n })]);
    const invoice = draftInvoice({ account: of, period: NOVEMBER, rated, late: [], cut: {} });
    const [, usage, tax] = invoiceCsv(invoiceDocument(invoice, DRAFT)).split('\r\n');
    expect(usage).toMatch(/,draft,0\.19,VAT 19%$/);
    expect(tax).toMatch(/^,org_acme,USD,2,tax,VAT 19% \(DE\),.*,0\.19,0\.19,.*,draft,,$/);
  });

  it('leaves negative numbers alone', () => {
    expect(csvOf('llama', -5n)[1]).toContain(',-5,token,');
  });
});
