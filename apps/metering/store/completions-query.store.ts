// One page of OpenAI's usage buckets, out of usage hours.
import { SERVICE_TIERS } from '#libs/events/quantities.js';
import type { Clock } from '#libs/time/instant.js';
import {
  BUCKET_WIDTHS,
  type BucketPage,
  bucketPage,
  type BucketWidth,
  columnsFor,
  type OpenAiGroup,
  type OpenAiResult,
  resultsByBucket,
} from '../domain/openai-usage.js';
import type { Dimension, UsageQuestion } from '../domain/usage-query.js';
import type { UsageQueryStore } from './usage-query.store.js';

export interface CompletionsQuestion {
  readonly organization: string;
  /** Epoch ms; `end` exclusive. */
  readonly start: number;
  readonly end: number;
  readonly width: BucketWidth;
  readonly limit: number;
  readonly groups: readonly OpenAiGroup[];
  readonly only: Partial<Record<Exclude<Dimension, 'service_tier'>, readonly string[]>>;
  /** undefined: batch and the rest. */
  readonly batch?: boolean;
}

export interface CompletionsBucket {
  /** Epoch ms, half-open. */
  readonly from: number;
  readonly to: number;
  readonly results: readonly OpenAiResult[];
}

export class CompletionsQueryStore {
  constructor(
    private readonly usage: UsageQueryStore,
    /** Where a question without an end ends. */
    readonly clock: Clock,
  ) {}

  /** Every bucket of the page, those without usage too, and where the next page begins. */
  async page(
    question: CompletionsQuestion,
  ): Promise<{ buckets: CompletionsBucket[]; next: number | null }> {
    const { width, groups } = question;
    const page = bucketPage(question, width, question.limit);
    const found = await this.usage.find(usageQuestion(question, page));
    const results = resultsByBucket(found, groups);
    const { ms } = BUCKET_WIDTHS[width];
    const buckets: CompletionsBucket[] = [];
    for (let from = page.from; from < page.to; from += ms)
      buckets.push({ from, to: from + ms, results: results.get(from) ?? [] });
    return { buckets, next: page.next };
  }
}

function usageQuestion(question: CompletionsQuestion, page: BucketPage): UsageQuestion {
  const { organization, width, groups, only, batch } = question;
  const tiers = SERVICE_TIERS.filter((tier) => (tier === 'batch') === batch);
  return {
    organization,
    from: page.from,
    to: page.to,
    window: BUCKET_WIDTHS[width].window,
    groupBy: columnsFor(groups),
    only: batch === undefined ? only : { ...only, service_tier: tiers },
    limit: null,
  };
}
