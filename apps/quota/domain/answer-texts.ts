// The texts and error objects of refusals, as each vendor's clients know them (shared/conventions.md section 2; recorded bodies).
import { formatExact } from '#libs/money/money.js';
import { formatInstant } from '#libs/time/instant.js';
import {
  type AnswerFacts,
  type BucketFault,
  countedBy,
  type Fault,
  isSpendFault,
  LIMIT_SHORT,
  type SpendFault,
} from './answer-facts.js';
import { vendorDuration } from './answer-headers.js';

/** The members of `error`; Groq has no `param`, and OpenAI's SDKs want all four: null does for both. */
export interface ErrorObject {
  readonly message: string;
  readonly type: string;
  readonly param: null;
  readonly code: string;
}

const PER: Readonly<Record<AnswerFacts['profile'], Readonly<Record<string, string>>>> = {
  groq: {
    requests_per_minute: 'requests per minute',
    requests_per_day: 'requests per day',
    tokens_per_minute: 'tokens per minute',
    tokens_per_day: 'tokens per day',
    audio_seconds_per_hour: 'seconds of audio per hour',
    audio_seconds_per_day: 'seconds of audio per day',
  },
  openai: {
    requests_per_minute: 'requests per min',
    requests_per_day: 'requests per day',
    tokens_per_minute: 'tokens per min',
    tokens_per_day: 'tokens per day',
    audio_seconds_per_hour: 'seconds of audio per hour',
    audio_seconds_per_day: 'seconds of audio per day',
  },
};

/** The error object about one fault. */
export function errorObject(facts: AnswerFacts, fault: Fault): ErrorObject {
  const message = faultMessage(facts, fault);
  if (isSpendFault(fault)) return { message, param: null, ...blockCodes(facts, fault) };
  const type = countedBy(fault.name).replace('-', '_');
  return { message, type, param: null, code: 'rate_limit_exceeded' };
}

/** One or two sentences for people; the numbers in it obey wait = (used + requested − limit) × window / limit. */
export function faultMessage(facts: AnswerFacts, fault: Fault): string {
  if (!isSpendFault(fault)) return bucketMessage(facts, fault);
  return fault.kind === 'credit' ? creditMessage(facts, fault) : spendMessage(facts, fault);
}

function bucketMessage(facts: AnswerFacts, fault: BucketFault): string {
  const { profile } = facts;
  if (fault.kind === 'excess_block') return excessMessage(facts, fault);
  const isTooLarge = fault.retryInNs === null;
  const limit = `${PER[profile][fault.name]} (${LIMIT_SHORT[fault.name]}): Limit ${fault.limit}`;
  const head = `${isTooLarge ? 'Request too large' : 'Rate limit reached'} for ${place(facts, fault)} on ${limit}`;
  if (fault.retryInNs === null) {
    const advice =
      profile === 'groq'
        ? `, please reduce your message size and try again.`
        : `. The input or output tokens must be reduced in order to run successfully.`;
    return `${head}, Requested ${fault.requested}${advice}${upgradeText(facts, fault)}`;
  }
  const wait = vendorDuration(fault.retryInNs, profile);
  const numbers = `${head}, Used ${fault.used}, Requested ${fault.requested}.`;
  return `${numbers} Please try again in ${wait}.${upgradeText(facts, fault)}`;
}

function excessMessage(facts: AnswerFacts, fault: BucketFault): string {
  const why = 'more tokens were used than had been reserved, and refill has not paid for them yet';
  const wait = vendorDuration(fault.retryInNs ?? 0n, facts.profile);
  return `Rate limit reached for ${place(facts, fault)}: ${why}. Please try again in ${wait}.`;
}

function place({ profile, model, organization, project, serviceTier }: AnswerFacts, fault: Fault) {
  const isOfProject = fault.scope === 'project' && project !== null;
  if (profile === 'openai')
    return `${model} in ${isOfProject ? `project ${project} ` : ''}organization ${organization}`;
  const where = `organization \`${organization}\`${isOfProject ? ` project \`${project}\`` : ''}`;
  return `model \`${model}\` in ${where} service tier \`${serviceTier}\``;
}

function upgradeText({ upgrade }: AnswerFacts, { name }: BucketFault): string {
  if (!upgrade) return '';
  const what = countedBy(name).replace('audio-seconds', 'audio');
  return ` Need more ${what}? Upgrade to ${upgrade.title} today at ${upgrade.url}`;
}

// Groq documents the code alone for its spend block; OpenAI has a code for each kind.
function blockCodes({ profile }: AnswerFacts, fault: SpendFault): { type: string; code: string } {
  if (profile === 'groq') return { type: 'invalid_request_error', code: 'blocked_api_access' };
  if (fault.kind === 'credit')
    return { type: 'insufficient_quota', code: 'credit_balance_exhausted' };
  return { type: 'insufficient_quota', code: `${fault.scope}_spend_limit_exceeded` };
}

function spendMessage(facts: AnswerFacts, { scope, limit, used, requested }: SpendFault): string {
  const { organization, project, currency } = facts;
  const whose = scope === 'project' ? `Project ${project} of ${organization}` : organization;
  const state = `Spend limit ${money(limit, currency)}, spent and reserved ${money(used, currency)}`;
  const head = used >= limit ? 'has reached its spend limit' : 'is too near its spend limit';
  const need = `this request may cost up to ${money(requested, currency)}`;
  const until = formatInstant(facts.periodEndsAt);
  return `${whose} ${head}. ${state}, ${need}. Requests are blocked until the limit is raised or the month ends at ${until}.`;
}

function creditMessage(facts: AnswerFacts, { limit, used, requested }: SpendFault): string {
  const { organization, currency } = facts;
  const left = limit > used ? limit - used : 0n;
  return `${organization} has used up its prepaid credit. Credit left ${money(left, currency)}, this request may cost up to ${money(requested, currency)}. Requests are blocked until credit is added.`;
}

function money(femto: bigint, currency: string): string {
  return `${formatExact(femto)} ${currency}`;
}
