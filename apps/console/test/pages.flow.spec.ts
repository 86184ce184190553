// Every page in both languages and both themes: axe finds nothing, nothing breaks the content security policy, nothing is wider than
// the screen; and a picture of each in .meterbook/screenshots, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { layMoney, type MoneyGround } from './money-ground.js';
import { openStand, type Reader, type Stand } from './stand.js';

const PAGES = [
  '/dashboard',
  '/usage',
  '/limits',
  '/invoices',
  '/invoices/upcoming',
  '/refusals',
  '/playground',
  '/pricing',
  '/comparison',
  '/settings',
];
const folder = join(import.meta.dirname, '..', '..', '..', '.meterbook', 'screenshots');

describe('pages', () => {
  let stand: Stand;
  let ground: MoneyGround;
  // Of the customer who pays: where it takes a document to see anything.
  const paid = (): readonly string[] => {
    const { number, lines } = ground.invoice;
    const line = lines.find(({ events }) => events !== null)?.line;
    return [
      '/dashboard?of=paying',
      '/invoices?of=paying',
      `/invoices/${number}`,
      `/invoices/${number}/lines/${line}`,
      `/refusals?id=${ground.refused}`,
      `/comparison?period=${ground.month}`,
    ];
  };

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    stand = await openStand();
    ground = await layMoney(stand);
  }, 180_000);

  afterAll(async () => stand?.stop(), 60_000);

  it.each<Reader>([
    { language: 'en', theme: 'light' },
    { language: 'ar', theme: 'light' },
  ])(
    'are clean in $language, light and dark',
    async (reader) => {
      const { page, faults, context } = await openSignedIn(stand, reader);
      for (const path of [...PAGES, ...paid()]) {
        if (path === paid()[0]) await signInAgain(stand, page, ground.key);
        await show(page, stand.edge + path);
        await picture(page, path, reader);
        faults.push(...(await axe(page, path)));
        // Of what axe looks at, only contrast depends on the theme.
        await page.evaluate(() => (document.documentElement.dataset['theme'] = 'dark'));
        await picture(page, path, { ...reader, theme: 'dark' });
        faults.push(...(await axe(page, path, ['color-contrast'])));
      }
      await context.close();
      expect(faults).toEqual([]);
    },
    600_000,
  );

  it.each<Reader>([
    { language: 'en', theme: 'light', width: 360 },
    { language: 'ar', theme: 'dark', width: 360 },
  ])(
    'fit a screen of $width px in $language',
    async (reader) => {
      const { page, faults, context } = await openSignedIn(stand, reader);
      for (const path of [...PAGES, ...paid()]) {
        if (path === paid()[0]) await signInAgain(stand, page, ground.key);
        await show(page, stand.edge + path);
        await picture(page, path, reader);
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) faults.push(`${path} is ${wide} px wider than the screen`);
      }
      await context.close();
      expect(faults).toEqual([]);
    },
    300_000,
  );
});

async function openSignedIn(stand: Stand, reader: Reader) {
  const faults: string[] = [];
  const context = await stand.open(reader);
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Warning:/.test(message.text())) faults.push(message.text());
  });
  await stand.enter(page);
  return { page, faults, context };
}

async function signInAgain(stand: Stand, page: Page, key: string): Promise<void> {
  await page.context().clearCookies();
  await stand.enter(page, key);
}

async function show(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.waiting') === null);
  await page.evaluate(async () => document.fonts.ready);
}

async function picture(page: Page, path: string, reader: Reader): Promise<void> {
  const { language, theme, width = 1280 } = reader;
  // Numbers and ids differ from run to run: a picture keeps its name.
  const name = path.replace(/MB-[\d-]+/, 'one').replace(/lines\/\d+/, 'line');
  const words = name.replace(/id=.*|period=.*/, 'one').match(/\w+/g) ?? [];
  const file = `${words.join('-')}-${language}-${theme}-${width}.png`;
  await page.screenshot({ path: join(folder, file), fullPage: true });
}

async function axe(page: Page, path: string, only?: string[]): Promise<string[]> {
  // The rows of a table are all made alike: five of them say what the other forty would, in a tenth of the time.
  const builder = new AxeBuilder({ page }).exclude('tbody tr:nth-child(n+6)');
  const { violations } = await (only ? builder.withRules(only) : builder).analyze();
  return violations.map(({ id, nodes }) => `${path} ${id}: ${nodes.map((n) => n.html).join(' ')}`);
}
