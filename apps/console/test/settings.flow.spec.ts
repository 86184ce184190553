// The settings in a real browser: each form with what it refuses, what the API refuses, and what is then true in the API.
import type { Page } from 'playwright-core';
import { openStand, ORGANIZATION, type Stand } from './stand.js';

const account = `/v1/organizations/${ORGANIZATION}`;

describe('settings', () => {
  let stand: Stand;
  let page: Page;
  const field = (name: string) => page.getByRole('textbox', { name, exact: true });
  const section = (name: string) => page.getByRole('region', { name });
  const save = async (name: string) => section(name).getByRole('button', { name: 'Save' }).click();

  beforeAll(async () => {
    stand = await openStand();
    page = await stand.visit();
  }, 120_000);

  beforeEach(async () => {
    await page.goto(`${stand.edge}/settings`);
    await section('Profile').waitFor();
  });

  afterAll(async () => stand?.stop(), 60_000);

  it('change the profile, and leave tier, currency and zone as they are', async () => {
    const before = await stand.read(account);
    await field('Name').fill('Harbour Assistants II');
    await field('Email for invoices').fill('money@harbour.example');
    await field('Address').fill('Pier 7\n20457 Hamburg');
    await field('Tax ids').fill('DE123456789, FR40303265045');
    await section('Profile').getByRole('radio', { name: 'OpenAI' }).click();
    await save('Profile');
    await section('Profile').getByText('Saved.').waitFor();
    expect(await stand.read(account)).toMatchObject({
      name: 'Harbour Assistants II',
      legal_name: before['legal_name'],
      email: 'money@harbour.example',
      address: 'Pier 7\n20457 Hamburg',
      tax_ids: ['DE123456789', 'FR40303265045'],
      profile: 'openai',
      tier: before['tier'],
      currency: before['currency'],
      timezone_label: before['timezone_label'],
    });
    await page.locator('.organization').getByText('Harbour Assistants II').waitFor();
  });

  it.each([
    ['Name', '', 'A name of 1 to 200 characters'],
    ['Email for invoices', 'nobody', 'An address like'],
    ['Tax ids', 'x'.repeat(65), 'At most 20'],
  ])('refuse a wrong %s before it is sent', async (name, text, words) => {
    const before = await stand.read(account);
    await field(name).fill(text);
    await section('Profile').getByText(words).waitFor();
    await save('Profile');
    expect(await field(name).getAttribute('aria-invalid')).toBe('true');
    expect(await stand.read(account)).toEqual(before);
  });

  it('tell what the API refuses in its own words', async () => {
    // No domain ends in one letter; the page's own check is not that strict.
    await field('Email for invoices').fill('a@b.c');
    await save('Profile');
    const said = section('Profile').getByText('/email');
    expect(await said.textContent()).toContain('email');
  });

  it('say when the service is away, and keep what was typed', async () => {
    await page.route(`**${account}`, async (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({ status: 503, body: '' })
        : route.continue(),
    );
    await field('Name').fill('Typed with care');
    await save('Profile');
    await section('Profile').getByText('does not answer').waitFor();
    expect(await field('Name').inputValue()).toBe('Typed with care');
    await page.unroute(`**${account}`);
  });

  it('change the spend limit and its alerts, in digits of either script', async () => {
    await field('Limit a month (USD)').fill('٧٥٫٥٠');
    await field('Alerts at percent of the limit').fill('٩٠, 50');
    await save('Spend limit and alerts');
    await section('Spend limit and alerts').getByText('Saved.').waitFor();
    const { spend_limit: limit } = await stand.read(account);
    expect(limit).toMatchObject({ amount: '75.50', mode: 'hard', alerts: [50, 90] });
  });

  it.each([
    ['Limit a month (USD)', '1e3', 'An amount like'],
    ['Alerts at percent of the limit', '0', 'Whole numbers from 1 to 1000'],
  ])('refuse a wrong %s', async (name, text, words) => {
    const before = await stand.read(account);
    await field(name).fill(text);
    await section('Spend limit and alerts').getByText(words).waitFor();
    await save('Spend limit and alerts');
    expect(await stand.read(account)).toEqual(before);
  });

  it('offer no change to a key that may not', async () => {
    const made = await stand.call('POST', `${account}/api-keys`, {
      name: 'Reader',
      scopes: ['usage:read', 'billing:read'],
    });
    const reader = await stand.visit(String(made['key']));
    await reader.goto(`${stand.edge}/settings`);
    await reader.getByText('needs a key with the scope').waitFor();
    expect(await reader.getByRole('button', { name: /Save|New key|Revoke/ }).count()).toBe(0);
    await reader.context().close();
  });
});
