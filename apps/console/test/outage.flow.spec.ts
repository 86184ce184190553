// A service dies while a page is open: the page says which part is missing, shows the rest, and is whole again by itself.
import type { Page } from 'playwright-core';
import { valueOf } from './figures-on.js';
import { ENGLISH, openStand, type Stand } from './stand.js';

describe('a page while a service is killed', () => {
  let stand: Stand;
  let page: Page;

  beforeAll(async () => {
    stand = await openStand();
    page = await stand.visit();
    page.setDefaultTimeout(20_000);
    await page.locator('[data-of="chart.total"]').waitFor();
    await page.locator('[data-of="upgrade.there"]').waitFor();
  }, 120_000);

  afterAll(async () => stand?.stop(), 60_000);

  it('keeps what was known, and says that it could not be renewed', async () => {
    const before = await valueOf(page, 'spend.list_exact');
    await stand.stack.kill('quota');
    await page.getByText('Plan and limits could not be renewed').first().waitFor();
    expect(await valueOf(page, 'spend.list_exact')).toBe(before);
    expect(await page.locator('h1.plan').textContent()).toBe('Free');
  }, 40_000);

  it('opened anew says what is missing, and shows the rest', async () => {
    await page.reload();
    await page.getByText('Plan and limits cannot be shown now.').first().waitFor();
    await page.getByText('Spend cannot be shown now.').waitFor();
    await page.locator('[data-of="chart.total"]').waitFor();
    await page.locator('[data-of="cost.llama-3.3-70b-versatile.amount"]').waitFor();
    expect(await page.locator('h1.plan').count()).toBe(0);
  }, 40_000);

  it('stays as it is while it is tried again: nothing flickers', async () => {
    const isSteady = await page.evaluate(
      async () =>
        new Promise<boolean>((resolve) => {
          const watcher = new MutationObserver(() => {
            if (document.querySelector('.waiting') !== null) resolve(false);
          });
          watcher.observe(document.body, { childList: true, subtree: true });
          setTimeout(() => resolve(true), 7_000);
        }),
    );
    expect(isSteady).toBe(true);
  }, 40_000);

  it('is whole again by itself when the service is back', async () => {
    await stand.stack.restart('quota');
    await page.locator('h1.plan').waitFor();
    await page.locator('[data-of="spend.list_exact"]').waitFor();
    await page.waitForFunction(() => document.querySelector('.missing') === null);
    const { list_exact: exact } = await stand.read('/v1/organizations/org_console/spend');
    expect(await valueOf(page, 'spend.list_exact')).toBe(exact);
  }, 60_000);

  it('of prices alone, for a visitor, says the same and comes back the same', async () => {
    const context = await stand.open(ENGLISH);
    const visitor = await context.newPage();
    await stand.stack.kill('quota');
    await visitor.goto(`${stand.edge}/pricing`);
    await visitor.getByText('The published prices and limits cannot be shown now.').waitFor();
    await stand.stack.restart('quota');
    await visitor.getByRole('heading', { name: 'Developer' }).waitFor();
    expect(await visitor.locator('.missing').count()).toBe(0);
    await context.close();
  }, 60_000);
});
