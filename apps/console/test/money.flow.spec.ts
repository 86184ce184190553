// Real money in a real browser: an issued invoice down to its events and back up to its proof, its files, and a refusal by its id.
import { readFileSync } from 'node:fs';
import type { BrowserContext, Page } from 'playwright-core';
import { layMoney, type MoneyGround } from './money-ground.js';
import { openStand, type Stand } from './stand.js';

describe('money', () => {
  let stand: Stand;
  let ground: MoneyGround;
  let context: BrowserContext;
  let page: Page;
  const go = async (path: string) => page.goto(`${stand.edge}${path}`);
  const invoicePath = () => `/invoices/${ground.invoice.number}`;

  beforeAll(async () => {
    stand = await openStand();
    ground = await layMoney(stand);
    context = await stand.open({ language: 'en', theme: 'light' });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await stand.signIn(page, ground.key);
    await page.locator('h1.plan').waitFor();
  }, 180_000);

  afterAll(async () => stand?.stop(), 60_000);

  it('lists the issued invoice with what is still due after payment and credit', async () => {
    await go('/invoices');
    const row = page.getByRole('row', { name: ground.invoice.number });
    await row.waitFor();
    const values = await row
      .locator('data')
      .evaluateAll((all) => all.map((one) => one.getAttribute('value')));
    const due = (Number(ground.invoice.amount_due) - 11.5).toFixed(2);
    expect(values).toEqual([ground.invoice.total, due]);
  });

  it('shows what became of the invoice, and its credit note', async () => {
    await go(invoicePath());
    await page.getByText('Delta Chat GmbH').waitFor();
    const sums = page.getByRole('table', { name: 'Sums' });
    expect(await sums.getByRole('row', { name: 'Paid' }).textContent()).toContain('$10.00');
    expect(await sums.getByRole('row', { name: 'Credit notes' }).textContent()).toContain('$1.50');
    expect(await page.getByRole('row', { name: /CN-MB-/ }).textContent()).toContain(
      'A slow afternoon',
    );
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
    const filled = page.getByRole('table').nth(0).getByRole('row');
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
});
