// Every page in both languages and both themes: axe finds nothing, nothing breaks the content security policy, nothing is wider than
// the screen; and a picture of each in .meterbook/screenshots, to be looked at.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
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

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    stand = await openStand();
  }, 120_000);

  afterAll(async () => stand?.stop(), 60_000);

  it.each<Reader>([
    { language: 'en', theme: 'light' },
    { language: 'en', theme: 'dark' },
    { language: 'ar', theme: 'light' },
    { language: 'ar', theme: 'dark' },
    { language: 'en', theme: 'light', width: 360 },
    { language: 'ar', theme: 'dark', width: 360 },
  ])(
    'are clean for $language, $theme, $width',
    async (reader) => {
      const faults: string[] = [];
      const context = await stand.open(reader);
      const page = await context.newPage();
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (/Content Security Policy|Warning:/.test(message.text())) faults.push(message.text());
      });
      await stand.signIn(page);
      await page.locator('h1.plan').waitFor();
      for (const path of PAGES) {
        await page.goto(`${stand.edge}${path}`);
        await page.locator('h1').first().waitFor();
        await page.waitForFunction(() => document.querySelector('.waiting') === null);
        await page.evaluate(async () => document.fonts.ready);
        const name = `${path.slice(1).replaceAll('/', '-')}-${reader.language}-${reader.theme}`;
        const file = `${name}-${reader.width ?? 1280}.png`;
        await page.screenshot({ path: join(folder, file), fullPage: true });
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) faults.push(`${path} is ${wide} px wider than the screen`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        faults.push(
          ...violations.map(
            ({ id, nodes }) => `${path} ${id}: ${nodes.map((n) => n.html).join(' ')}`,
          ),
        );
      }
      await context.close();
      expect(faults).toEqual([]);
    },
    90_000,
  );
});
