// The console in a real Chromium against the running stack: the way in, live updates, keys, and what an address can get wrong.
import type { BrowserContext, Page } from 'playwright-core';
import { valueOf, valuesIn } from './figures-on.js';
import { ENGLISH, openStand, ORGANIZATION, type Stand } from './stand.js';

const account = `/v1/organizations/${ORGANIZATION}`;

describe('the console', () => {
  let stand: Stand;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    stand = await openStand();
    context = await stand.open(ENGLISH);
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
  }, 120_000);

  afterAll(async () => stand?.stop(), 60_000);

  it('says that a key is wrong, and stays where it is', async () => {
    await stand.signIn(page, 'mb_aaaaaaaa_not_a_key');
    await page.getByText('No key like this is in use').waitFor();
    expect(new URL(page.url()).pathname).toBe('/signin');
  });

  it('signs in with the key of an organization and keeps no secret where scripts can read it', async () => {
    await stand.signIn(page);
    await page.locator('h1.plan').waitFor();
    expect(await page.locator('h1.plan').textContent()).toBe('Free');
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, localStorage, sessionStorage]),
    );
    expect(kept).not.toContain('mb_');
  });

  it('shows new usage without a reload', async () => {
    await page.locator('[data-of="spend.list_exact"]').waitFor();
    const before = await valueOf(page, 'spend.list_exact');
    await stand.send([
      { at: Date.now() - 1_000, model: 'llama-3.3-70b-versatile', tokens: { input: 777_777 } },
    ]);
    await page.waitForFunction(
      (was) =>
        document.querySelector('[data-of="spend.list_exact"]')?.getAttribute('value') !== was,
      before,
      { timeout: 15_000 },
    );
    const { list_exact: exact } = await stand.read(`${account}/spend`);
    expect(await valueOf(page, 'spend.list_exact')).toBe(exact);
  }, 30_000);

  it.each([
    ['/nowhere', 'There is no page here'],
    ['/usage?span=5y&window=minute', 'The address asks for'],
    ['/playground?model=gone/model', 'The link asks for'],
    ['/playground?model=gemma2-9b-it', 'This model takes no requests any more'],
    ['/pricing?tier=platinum', 'There is no plan'],
    ['/invoices/MB-1999-000001', 'There is no invoice MB-1999-000001'],
    ['/refusals?id=dec_nobody', 'There is no decision'],
  ])('answers %s with words', async (path, words) => {
    await page.goto(`${stand.edge}${path}`);
    expect(await page.getByText(words).first().textContent()).toContain(words);
  });

  it('works out a request exactly, by the link alone', async () => {
    const link =
      '/playground?model=llama-3.3-70b-versatile&input=1000000&output=0&requests_per_day=1';
    await page.goto(`${stand.edge}${link}`);
    const row = page.getByRole('row', { name: /Developer/ }).first();
    expect(await valuesIn(row)).toEqual(['0.59', '17.7', '17.7']);
  });

  it('makes a key, shows it once, and revokes it', async () => {
    await page.goto(`${stand.edge}/settings`);
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('From the browser');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const secret = await page.locator('code.secret').textContent();
    expect(secret).toMatch(/^mb_\w{8}_\w{38}$/);
    await page.getByRole('button', { name: 'Close' }).click();
    expect(await page.content()).not.toContain(secret);
    await page.getByRole('button', { name: 'Revoke From the browser' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    expect(await page.getByText(/^revoked /).textContent()).toContain('2');
  });

  it('shows the sign-in form when the session is over', async () => {
    await context.clearCookies();
    await page.goto(`${stand.edge}/usage`);
    await page.getByText('This page shows the numbers of an organization.').waitFor();
    expect(await page.locator('input[name=key]').count()).toBe(1);
  });
});
