// What a unit of work tells: quota events out of what it changed.
import { encodeQuotaEvent, type QuotaEvent } from '#libs/events/quota-event.js';
import { QUOTA_EVENTS } from '#libs/events/topics.js';
import { blockEvent, blockOf, crossings, excessEvent } from '../domain/announce.js';
import type { Decision } from '../domain/decision.js';
import type { Settled } from '../domain/settle.js';
import type { AdmissionBook } from './admission-book.js';

/** Puts a quota event into the transaction of the book. */
export function say(book: AdmissionBook, event: QuotaEvent): void {
  const { id, organization: key, at: recordedAt } = event;
  book.say({ id, topic: QUOTA_EVENTS, key, value: encodeQuotaEvent(event), recordedAt });
}

/** Says which thresholds were crossed and who is blocked or free again, from what changed. */
export function evaluate(book: AdmissionBook, refusals: readonly Decision[]): void {
  const refused = new Set<string>();
  for (const { violated, organization, request } of refusals)
    for (const { kind, scope } of violated)
      if (kind === 'spend_limit')
        refused.add(`${organization}\0${scope === 'project' ? request.project : ''}`);
  for (const organization of book.organizations()) {
    const standing = book.standing(organization);
    if (!standing || standing.terms.account.spendLimits.length === 0) continue;
    for (const project of standing.spend.keys()) {
      const before = book.spentBefore(organization, project);
      if (before !== standing.spend.get(project)?.spentFemto)
        for (const event of crossings(standing, project, before, book.now)) say(book, event);
      const was = {
        blocked: book.blocked(organization, project),
        isRefused: refused.has(`${organization}\0${project}`),
      };
      const blocked = blockOf(standing, project, was, book.now);
      if (blocked === was.blocked) continue;
      book.block(organization, project, blocked);
      say(book, blockEvent(standing, project, blocked, book.now));
    }
  }
}

/** Tells usage beyond its reservation that no event brought. */
export function sayExcess(book: AdmissionBook, { excess }: Settled): void {
  if (!excess) return;
  say(book, excessEvent(excess, { source: null, event: null }, book.now));
}
