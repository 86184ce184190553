// What a customer asks, in the order they ask it: the plan, what is left, what it costs, the invoice.
import type { StackClient } from '../client/stack-client.js';
import { grouped, textTable } from '../domain/table.js';
import type { Progress } from '../progress.js';

interface Limits {
  readonly plan: {
    tier: string;
    title: string;
    monthly_fee: string | null;
    since: string;
    features: string[];
  };
  readonly models: readonly {
    readonly model: string;
    readonly limits: readonly {
      name: string;
      limit: number | null;
      used: number;
      remaining: number | null;
      full_in: string;
    }[];
  }[];
}

interface Spend {
  readonly spent_exact: string;
  readonly limit: string | null;
  readonly mode: string | null;
  readonly forecast: string | null;
}

interface Invoice {
  readonly number: string | null;
  readonly state: string;
  readonly total: string;
  readonly lines: readonly {
    readonly line: number;
    readonly kind: string;
    readonly model?: string | null;
    readonly service_tier?: string | null;
    readonly pool?: string | null;
    readonly quantity?: number | null;
    readonly price_per_million?: string | null;
    readonly amount: string;
  }[];
}

/** Prints one organization: current plan first. */
export async function showAccount(
  client: StackClient,
  organization: string,
  month: string,
  progress: Progress,
): Promise<void> {
  const [limits, spend, invoice] = await Promise.all([
    client.quota.get<Limits>(`/v1/organizations/${organization}/limits`),
    client.quota.get<Spend>(`/v1/organizations/${organization}/spend`),
    client.invoice(organization, month) as unknown as Promise<Invoice>,
  ]);
  const { plan } = limits;
  progress.say();
  progress.say(
    `${plan.title} (${plan.monthly_fee === null ? 'by contract' : `$${plan.monthly_fee} a month`})   ${organization}`,
  );
  progress.say(`  ${plan.features.join(' · ')}`);
  for (const line of limitLines(limits)) progress.say(`  ${line}`);
  const limit = spend.limit === null ? 'no spend limit' : `of $${spend.limit} ${spend.mode} limit`;
  progress.say(
    `  spent this month $${spend.spent_exact} ${limit}${spend.forecast ? `, forecast $${spend.forecast}` : ''}`,
  );
  progress.say(
    `  invoice ${invoice.number ?? '(draft)'} for ${month}, ${invoice.state}: $${invoice.total}`,
  );
  for (const line of invoiceLines(invoice)) progress.say(`    ${line}`);
}

/** Only models with use are shown; the full table is one request away. */
function limitLines({ models }: Limits): string[] {
  const used = models.filter(({ limits }) => limits.some((limit) => limit.used > 0));
  const rows = used.flatMap(({ model, limits }) =>
    limits
      .filter(({ limit }) => limit !== null)
      .map(({ name, limit, remaining, full_in }) => [
        model,
        name,
        `${grouped(remaining ?? 0)} left of ${grouped(limit ?? 0)}`,
        `full in ${full_in}`,
      ]),
  );
  return rows.length === 0
    ? ['limits: nothing used in their windows']
    : textTable(['model', 'limit', 'left', ''], rows);
}

function invoiceLines({ lines }: Invoice): string[] {
  const rows = lines.map((line) => [
    String(line.line),
    line.kind,
    [line.model, line.service_tier, line.pool].filter(Boolean).join(' '),
    line.quantity == null ? '' : grouped(line.quantity),
    line.price_per_million ?? '',
    line.amount,
  ]);
  return textTable(['#', 'kind', 'what', 'quantity', '$/M', '$'], rows);
}
