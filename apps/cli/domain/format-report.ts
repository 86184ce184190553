// The scores as the part of docs/usage-formats.md that a command writes.
import type { Miss, Scores } from './format-score.js';

const START = '<!-- scores: written by `npm run meterbook -- score-formats` -->';
const END = '<!-- end of scores -->';

/** Why a case cannot come out as its answer says, by its id; a case that misses without a reason here fails the command. */
export const REASONS: Readonly<Record<string, string>> = {
  UD0003:
    'one answer by two models: the advisor has a price of its own, so the event is refused and one per model is asked for',
  UD0079: 'Gemini Live contradicts itself: 25 prompt tokens, of which 633 by modality',
  UD0080: 'Gemini Live contradicts itself: 25 prompt tokens, of which 623 by modality',
  GP0212:
    'the answer leaves a compaction out; Anthropic bills the sum of `iterations` (platform.claude.com, compaction)',
  GP0251: 'one answer by two models, as UD0003; the answer leaves the advisor out',
};

export interface Scored {
  /** What was scored, as a column: "objects", "streams", "priced cases". */
  readonly what: string;
  readonly scores: Scores;
}

/** Misses that no reason explains. */
export function unexplained(scored: readonly Scored[]): Miss[] {
  return scored.flatMap(({ scores }) => scores.misses).filter(({ id }) => !REASONS[id]);
}

/** A Markdown table with a row per provider, a column per collection, and the misses with their reasons. */
export function scoreReport(scored: readonly Scored[]): string {
  const providers = new Set(scored.flatMap(({ scores }) => [...scores.byProvider.keys()]));
  const head = ['provider', ...scored.map(({ what }) => what)];
  const rows = [...providers].toSorted().map((provider) => [
    provider,
    ...scored.map(({ scores }) => {
      const score = scores.byProvider.get(provider);
      return score ? `${score.read} of ${score.cases}` : '';
    }),
  ]);
  const misses = scored.flatMap(({ scores }) => scores.misses);
  return [
    row(head),
    row(head.map(() => '---')),
    ...rows.map(row),
    row(['**all**', ...scored.map(({ scores }) => `**${allOf(scores)}**`)]),
    '',
    ...misses.map(
      ({ id, provider, got }) => `- ${id} (${provider}), ${got}: ${REASONS[id] ?? 'unexplained'}.`,
    ),
  ].join('\n');
}

/** The document with the part between the markers replaced; throws RangeError when it has no markers. */
export function withReport(document: string, report: string): string {
  const from = document.indexOf(START);
  const to = document.indexOf(END);
  if (from === -1 || to < from) throw new RangeError('the document has no place for the scores');
  return `${document.slice(0, from + START.length)}\n\n${report}\n\n${document.slice(to)}`;
}

function allOf({ byProvider, misses }: Scores): string {
  const cases = [...byProvider.values()].reduce((sum, score) => sum + score.cases, 0);
  return `${cases - misses.length} of ${cases}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
