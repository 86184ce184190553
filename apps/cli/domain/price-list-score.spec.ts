import type { ImportedModel } from '#libs/rating/import/imported-model.js';
import { judgeReading } from './price-list-score.js';

const GIGA = 10n ** 9n;
const price = (giga: bigint, above?: bigint) => ({
  femtoPerUnit: giga * GIGA,
  aboveContext: above === undefined ? [] : [{ tokens: 1_000, femtoPerUnit: above * GIGA }],
});
const model = {
  model: 'm',
  prices: { on_demand: { input: price(2n, 4n), cached_input: price(1n), output: price(8n) } },
} as unknown as ImportedModel;

describe('reading of a call', () => {
  it.each([
    // usage                                              input       output      verdict
    [{ input_tokens: 100, output_tokens: 10 }, '0.0002', '0.00008', 'equal'],
    [{ input_tokens: 100, cache_read_tokens: 40 }, '0.00016', '0', 'equal'],
    [{ input_tokens: 1_001 }, '0.004004', '0', 'equal'],
    [{ input_tokens: 100, input_audio_tokens: 50 }, '0.0002', '0', 'equal'],
    [{ input_tokens: 100 }, '0.0003', '0', 'different'],
    [
      { input_tokens: 100, cache_read_tokens: 9, cache_audio_read_tokens: 9 },
      '0.0003',
      '0',
      'cached audio at a price of its own there; a cached token of any modality is `cached_input` here',
    ],
    [
      { input_tokens: 100, cache_write_tokens: 1 },
      '0.0002',
      '0',
      'has a pool that the model has no price for',
    ],
  ])('%j at %s and %s is %s', (usage, inputPrice, outputPrice, verdict) => {
    expect(judgeReading(model, { usage, inputPrice, outputPrice })).toBe(verdict);
  });

  it('of a model that makes images may tell them from text', () => {
    const drawing = { ...model, model: 'gemini-2.5-flash-image' };
    const reading = { usage: { output_tokens: 10 }, inputPrice: '0', outputPrice: '1' };
    expect(judgeReading(drawing, reading)).toContain('made images apart from text');
  });
});
