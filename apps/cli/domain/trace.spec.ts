import { readTrace } from './trace.js';

describe('trace', () => {
  it('reads times, tokens and order of a log with 100-ns digits', () => {
    const text =
      'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:50.9951690,396,109\n2023-11-16 18:15:46.6805900,374,44\n';
    expect(readTrace(text)).toEqual({
      format: 'azure',
      skipped: 0,
      requests: [
        { afterMs: 0, input: 374, cachedInput: 0, output: 44 },
        { afterMs: 4_315, input: 396, cachedInput: 0, output: 109 },
      ],
    });
  });

  it('counts leading prefix blocks that were seen before as cached, capped at the input', () => {
    const row = (timestamp: number, input: number, blocks: number[]): string =>
      JSON.stringify({ timestamp, input_length: input, output_length: 5, hash_ids: blocks });
    const text = [
      row(0, 1_000, [1, 2]),
      row(3_000, 1_200, [1, 3, 2]),
      row(6_000, 900, [1, 2]),
    ].join('\n');
    expect(readTrace(text).requests.map(({ input, cachedInput }) => [input, cachedInput])).toEqual([
      [1_000, 0],
      [688, 512],
      [0, 900],
    ]);
  });

  it('leaves out failed calls and says how many', () => {
    const text =
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,ChatGPT,472,18,490,x\n45,ChatGPT,1087,0,1087,x\n';
    expect(readTrace(text)).toMatchObject({
      format: 'burstgpt',
      skipped: 1,
      requests: [{ input: 472, output: 18 }],
    });
  });

  it.each([
    ['prefill_tokens,decode_tokens\n3772,54\n', 'lengths'],
    [
      'run,vllm_version,request_id,run_started_at,arrival_s,input_tokens,output_tokens\na,1,b,2026,0.5,10,20\n',
      'vllm',
    ],
  ])('knows a format by its first line', (text, format) => {
    expect(readTrace(text).format).toBe(format);
  });

  it.each(['a,b\n1,2\n', 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:50,x,1\n'])(
    'refuses %j',
    (text) => {
      expect(() => readTrace(text)).toThrow(RangeError);
    },
  );
});
