// Every figure on the dashboard is the API's: the exact one in copies and on hover, and for the eye rounded and nothing else. The
// sums are made here again, from the API's own parts.
import type { Page } from 'playwright-core';
import type {
  InvoiceAnswer,
  LimitsAnswer,
  PublishedAnswer,
  SpendAnswer,
  UsageAnswer,
} from './answers.js';
import {
  answerTo,
  decimal,
  decimalText,
  figuresOn,
  isRounded,
  type ShownFigure,
  watchAnswers,
} from './figures-on.js';
import { ENGLISH, openStand, ORGANIZATION, type Stand } from './stand.js';

type Expected = Map<string, string>;

describe('figures of the dashboard', () => {
  let stand: Stand;
  let page: Page;
  let shown: readonly ShownFigure[];
  let expected: Expected;

  beforeAll(async () => {
    stand = await openStand();
    const context = await stand.open(ENGLISH);
    page = await context.newPage();
    const answers = watchAnswers(page);
    await stand.signIn(page);
    for (const figure of ['upgrade.there', 'chart.total', 'spend.forecast', 'plan.since'])
      await page.locator(`[data-of="${figure}"]`).first().waitFor();
    await page.waitForFunction(() => document.querySelector('.waiting') === null);
    // Buckets refill while one looks: page and answers count when nothing came between the looks.
    for (let tries = 0; tries < 20; tries += 1) {
      const before = JSON.stringify([...answers]);
      shown = await figuresOn(page);
      if (before === JSON.stringify([...answers])) break;
    }
    expected = expectedFrom(answers);
  }, 120_000);

  afterAll(async () => stand?.stop(), 60_000);

  it('are all named: none is there that this spec does not hold against the API', () => {
    expect(shown.filter(({ of }) => of === null)).toEqual([]);
    expect(shown.length).toBeGreaterThan(60);
  });

  it('are exactly the ones of the API, each of them', () => {
    const values = new Map(shown.map(({ of, value }) => [of, value]));
    expect(Object.fromEntries(values)).toEqual(Object.fromEntries(expected));
  });

  it('are the ones that the API gives to anybody who asks', async () => {
    const spend = await stand.read(`/v1/organizations/${ORGANIZATION}/spend`);
    for (const name of ['spent_exact', 'limit', 'remaining_exact', 'list_exact'])
      expect([name, expected.get(`spend.${name}`)]).toEqual([name, spend[name]]);
  });

  it('are rounded for the eye and no more than that', () => {
    const money = shown.filter(({ text }) => /[$]/.test(text));
    expect(money.length).toBeGreaterThan(8);
    expect(money.filter(({ text, value }) => !isRounded(text, value))).toEqual([]);
    const counts = shown.filter(({ value, text }) => /^\d+$/.test(value) && !text.includes('$'));
    expect(counts.length).toBeGreaterThan(40);
    expect(counts.filter(({ text, value }) => text.replace(/[,%]/g, '') !== value)).toEqual([]);
  });

  it('tell the exact value on hover', () => {
    const mute = shown.filter(
      ({ of, value, title }) => !/since|_at$/.test(of ?? '') && !title.startsWith(value),
    );
    expect(mute).toEqual([]);
  });

  it('are exact when the whole page is copied', async () => {
    const copied = await page.evaluate(() => {
      document.getSelection()?.selectAllChildren(document.querySelector('main') as Element);
      const clipboard = new DataTransfer();
      document.dispatchEvent(
        new ClipboardEvent('copy', { clipboardData: clipboard, cancelable: true }),
      );
      return clipboard.getData('text/plain');
    });
    for (const name of ['spend.list_exact', 'upgrade.there'])
      expect(copied).toContain(expected.get(name));
  });
});

function expectedFrom(answers: ReadonlyMap<string, string>): Expected {
  const limits = answerTo<LimitsAnswer>(answers, `${ORGANIZATION}/limits`);
  const spend = answerTo<SpendAnswer>(answers, `${ORGANIZATION}/spend`);
  const invoice = answerTo<InvoiceAnswer>(answers, `${ORGANIZATION}/upcoming-invoice`);
  const daily = answerTo<UsageAnswer>(answers, '/v1/usage', 'window=day', 'group_by=model');
  const month = answerTo<UsageAnswer>(answers, '/v1/usage', 'model%2Cservice_tier%2Cadapter');
  const document = answerTo<PublishedAnswer>(answers, '/.well-known/inference-limits.json');
  return new Map([
    ['plan.monthly_fee', limits.plan.monthly_fee],
    ['plan.since', limits.plan.since],
    ...spendFigures(spend),
    ...limitFigures(limits),
    ...chartFigures(daily),
    ...costFigures(invoice),
    ['upgrade.there', costOf(month, document)],
    ['upgrade.now', spend.spent_exact],
    ...upgradeLimits(limits, document),
  ]);
}

type Figures = [string, string][];

function spendFigures(spend: SpendAnswer): Figures {
  return [
    ['spend.spent_exact', spend.spent_exact],
    ['spend.held_exact', spend.held_exact],
    ['spend.limit', spend.limit],
    ['spend.remaining_exact', spend.remaining_exact],
    ['spend.forecast', spend.forecast],
    ['spend.list_exact', spend.list_exact],
    ...spend.alerts.map(({ percent }): [string, string] => [
      `spend.alerts.${percent}`,
      String(percent),
    ]),
  ];
}

// A bucket that is full says no time.
function limitFigures(limits: LimitsAnswer): Figures {
  return limitsInUse(limits).flatMap(({ model, name, limit, used, remaining, full_in: time }) => {
    const of = `limits.${model}.${name}`;
    const isFull = time === null || /^0(s|ms)?$/.test(time);
    return [
      [`${of}.used`, String(used)],
      [`${of}.limit`, String(limit)],
      [`${of}.remaining`, String(remaining)],
      ...(isFull ? [] : [[`${of}.full_in`, time] as [string, string]]),
    ];
  });
}

function chartFigures(usage: UsageAnswer): Figures {
  const totals = new Map<string, number>();
  for (const { model, tokens } of usage.data)
    for (const count of Object.values(tokens))
      for (const name of ['chart.total', `chart.${model}`])
        totals.set(name, (totals.get(name) ?? 0) + count);
  return [...totals].map(([name, total]) => [name, String(total)]);
}

function costFigures({ lines }: InvoiceAnswer): Figures {
  const amounts = new Map<string, bigint>();
  const units = new Map<string, number>();
  for (const { kind, model, quantity, amount_exact: exact } of lines) {
    const name = `cost.${kind === 'usage' ? model : kind}`;
    amounts.set(`${name}.amount`, (amounts.get(`${name}.amount`) ?? 0n) + decimal(exact));
    if (kind === 'usage')
      units.set(`${name}.units`, (units.get(`${name}.units`) ?? 0) + Number(quantity));
  }
  return [
    ...[...amounts].map(([name, sum]): [string, string] => [name, decimalText(sum)]),
    ...[...units].map(([name, sum]): [string, string] => [name, String(sum)]),
  ];
}

// What the same usage costs on the Developer plan: tokens × the published price of a million.
function costOf(usage: UsageAnswer, document: PublishedAnswer): string {
  const costs = usage.data.flatMap(({ model, service_tier: tier, tokens }) =>
    Object.entries(tokens)
      .filter(([, count]) => count > 0)
      .map(([pool, count]) => {
        const price = document.models[model]?.prices[tier]?.[pool] ?? '';
        return (BigInt(count) * decimal(price)) / 1_000_000n;
      }),
  );
  return decimalText(costs.reduce((sum, cost) => sum + cost, 0n));
}

function upgradeLimits(limits: LimitsAnswer, document: PublishedAnswer): Figures {
  const there = document.tiers['developer']?.limits ?? {};
  return limitsInUse(limits).flatMap(({ model, name, limit }): Figures => [
    [`upgrade.${model}.${name}.now`, String(limit)],
    [`upgrade.${model}.${name}.there`, String(there[model]?.[name])],
  ]);
}

// Of both models that the stand uses, what is limited at all.
function limitsInUse({ models }: LimitsAnswer) {
  return models
    .filter(({ model }) => ['llama-3.3-70b-versatile', 'openai/gpt-oss-120b'].includes(model))
    .flatMap(({ model, limits }) => limits.map((limit) => ({ model, ...limit })))
    .filter(({ limit }) => limit !== null);
}
