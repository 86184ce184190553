import type { Judged } from './paid-calls-score.js';
import { ledgerReport } from './paid-calls-report.js';

const judged = (verdict: Judged['verdict'], row: number): Judged => ({
  call: {
    row,
    at: Date.UTC(2024, 10, 7, 22, 9, 21),
    user: 'u1',
    model: 'claude',
    promptTokens: 5_656,
    completionTokens: 230,
    totalTokens: 5_886,
    costUsd: '0.0128013',
    inputUsd: null,
    outputUsd: null,
  },
  verdict,
  ours: verdict.startsWith('no price') ? null : '0.0128013',
  detail: 'because',
});

describe('report of a ledger', () => {
  const text = ledgerReport(
    [
      judged('equal', 1),
      judged('equal once cached tokens are told apart', 2),
      judged('no price on that day, recorded as paid', 3),
    ],
    [{ month: '2024-11', calls: 3, listUsd: '1.5', unpricedTokens: 7_000n, isSumOfRows: true }],
  );

  it.each([
    '| 1 | equal |',
    '| **3** | **all** |',
    '| 2 | because |',
    '- `claude`: 1 rows, 1 of them recorded as paid',
    '| 2024-11 | 3 | 1.5 | 7,000 | yes |',
  ])('has the line %s', (line) => {
    expect(text.split('\n')).toContain(line);
  });
});
