// Real money in a real browser: an issued invoice down to its events and back up to its proof, its files, and a refusal by its id.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { CUSTOMER, layMoney, type MoneyGround, PRICE_LIST } from './money-ground.js';
import { decimal, valuesIn } from './figures-on.js';
import { ENGLISH, openStand, type Stand } from './stand.js';

describe('money', () => {
  let stand: Stand;
  let ground: MoneyGround;
  let page: Page;
  const go = async (path: string) => page.goto(`${stand.edge}${path}`);
  const invoicePath = () => `/invoices/${ground.invoice.number}`;

  beforeAll(async () => {
    stand = await openStand();
    ground = await layMoney(stand);
    page = await stand.visit(ground.key);
  }, 180_000);

  afterAll(async () => stand?.stop(), 60_000);

  it('lists the issued invoice with what is still due after payment and credit', async () => {
    await go('/invoices');
    const row = page.getByRole('row', { name: ground.invoice.number });
    await row.waitFor();
    const { total, amount_due: due } = ground.invoice;
    const open = decimal(due) - decimal('10') - decimal(ground.note.total);
    const shown = (await valuesIn(row)).map((exact) => decimal(exact ?? ''));
    expect(shown).toEqual([decimal(total), open]);
  });

  it('shows what is left of the prepaid credit, as the API has it', async () => {
    await go('/invoices');
    const of = `/v1/organizations/${CUSTOMER}/credit-balance`;
    const { available } = await stand.call('GET', of, undefined, ground.key);
    const shown = page.locator('[data-of="credits.available"]');
    expect(await shown.getAttribute('value')).toBe(available);
    expect(await page.getByRole('row', { name: 'Welcome' }).count()).toBe(1);
  });

  it('shows what became of the invoice, and its credit note', async () => {
    await go(invoicePath());
    await page.getByText('Delta Chat GmbH').waitFor();
    const sums = page.getByRole('table', { name: 'Sums' });
    const { note, invoice } = ground;
    expect(await valuesIn(sums.getByRole('row', { name: 'Paid' }))).toEqual(['10.00']);
    expect(await valuesIn(sums.getByRole('row', { name: 'Credit notes' }))).toEqual([note.total]);
    const vat = sums.getByRole('row', { name: 'VAT, 19 %' });
    expect(await valuesIn(vat)).toEqual(invoice.taxes.map(({ amount }) => amount));
    const row = page.getByRole('row', { name: note.number });
    expect(await row.textContent()).toContain('A slow afternoon');
    expect(await valuesIn(row)).toEqual([note.total, note.taxes[0]?.amount]);
  });

  it.each([
    ['PDF', '%PDF-'],
    ['CSV', 'line,'],
  ])('gives the invoice as %s', async (type, start) => {
    await go(invoicePath());
    const waiting = page.waitForEvent('download');
    await page.getByRole('button', { name: `${type} ${ground.invoice.number}` }).click();
    const download = await waiting;
    expect(download.suggestedFilename()).toBe(`${ground.invoice.number}.${type.toLowerCase()}`);
    const text = readFileSync(await download.path(), 'latin1');
    expect([text.includes(start), text.length > 200]).toEqual([true, true]);
  });

  it('derives the invoice again from the log and tells the result in words', async () => {
    await go(invoicePath());
    await page.getByRole('button', { name: 'Derive again from the log' }).click();
    await page.getByText('the same to the last byte').waitFor();
    expect(await page.getByText(/events? of yours/).textContent()).toMatch(
      /[23] events of yours were read/,
    );
  });

  it('opens a line down to its events, which sum to its quantity', async () => {
    await go(invoicePath());
    const line = ground.invoice.lines.find(({ events }) => events === 2);
    await page.getByRole('link', { name: '2 events' }).first().click();
    await page.getByText('Sum: the quantity of the line').waitFor();
    const sum = await page.locator('[data-of="line.sum"]').getAttribute('value');
    expect(sum).toBe(String(line?.quantity));
    expect(await page.getByText('console-', { exact: false }).count()).toBe(2);
  });

  it.each([
    ['/lines/99', 'has no line 99'],
    ['/lines/x', 'has no line x'],
  ])('says of %s that there is no such line', async (rest, words) => {
    await go(`${invoicePath()}${rest}`);
    expect(await page.getByRole('alert').textContent()).toContain(words);
  });

  it('explains a refusal by its id: the limit, who filled it, when it frees', async () => {
    await go(`/refusals?id=${ground.refused}`);
    await page.getByText('Refused', { exact: true }).waitFor();
    const words = await page.locator('.violations').textContent();
    expect(words).toMatch(/The limit of Tokens a minute was 300,000\. [\d,]+ were in use/);
    expect(words).toMatch(/It would have fitted .+ later\./);
    const filled = page.getByRole('table', { name: 'What filled it' }).getByRole('row');
    expect(await filled.count()).toBeGreaterThan(1);
    expect(await filled.nth(1).textContent()).toMatch(/rsv_|console-/);
  });

  it('looks a decision up from the form, and says when there is none', async () => {
    await go('/refusals');
    await page.getByRole('textbox', { name: 'Decision id' }).fill(`  ${ground.refused} `);
    await page.getByRole('button', { name: 'Look it up' }).click();
    await page.getByText('Refused', { exact: true }).waitFor();
    expect(new URL(page.url()).searchParams.get('id')).toBe(ground.refused);
    await page.getByRole('textbox', { name: 'Decision id' }).fill('dec_of_another');
    await page.getByRole('button', { name: 'Look it up' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('There is no decision');
  });

  it('prints the invoice without what cannot be pressed on paper', async () => {
    await go(invoicePath());
    await page.getByRole('table', { name: 'Sums' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header.top').isVisible()).toBe(false);
    expect(await page.getByRole('button').count()).toBe(0);
    expect(await page.getByText('Delta Chat GmbH').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
  });

  it('shows a visitor what others publish for our model, with list, day and match', async () => {
    const visitor = await (await stand.open(ENGLISH)).newPage();
    // The first model of the catalog is in no list: a visit without a wish shows one that is.
    await visitor.goto(`${stand.edge}/comparison`);
    const table = visitor.getByRole('table', { name: /Published prices/ });
    await table.waitFor();
    const rows = await table.getByRole('row').allTextContents();
    expect(rows[1]).toMatch(/^Herellama-3\.3-70b-versatile.*\$0\.59.*\$0\.79/);
    expect(rows.slice(2).join(' ')).toMatch(
      /elsewhere.*the same name.*\$0\.71.*\$0\.93.*Invented for this spec.*1 Oct 2026/,
    );
    const link = table.getByRole('link', { name: 'Invented for this spec' }).first();
    expect(await link.getAttribute('href')).toBe(PRICE_LIST.url);
    expect(await visitor.getByText('to see your own usage').count()).toBe(1);
  });

  it('shows the customer his own usage at those prices, as the API has it', async () => {
    await go(`/comparison?period=${ground.month}`);
    await page.getByRole('heading', { name: 'Your own usage elsewhere' }).waitFor();
    const query = `organization=${CUSTOMER}&period=${ground.month}`;
    const { data } = await stand.call('GET', `/v1/comparison?${query}`, undefined, ground.key);
    const totals = (data as { total_exact: string }[]).map((row) => row.total_exact);
    const table = page.getByRole('table', { name: 'llama-3.3-70b-versatile' });
    await table.waitFor();
    expect([await valuesIn(table), totals.length > 0]).toEqual([totals, true]);
  });
});
