import { readPaidCalls } from './paid-calls.js';

const HEADER =
  'time_utc,user,model,prompt_tokens,completion_tokens,total_tokens,cost_usd,catalog_input_usd_per_token,catalog_output_usd_per_token';

describe('ledger of paid calls', () => {
  it('is read row by row, decimals as they stand', () => {
    const text = `${HEADER}\n2024-08-13T14:40:43Z,u1,gpt-4o-mini,638,25,663,0.0001107,1.5e-07,6e-07\n`;
    expect(readPaidCalls(text)).toEqual([
      {
        row: 1,
        at: Date.UTC(2024, 7, 13, 14, 40, 43),
        user: 'u1',
        model: 'gpt-4o-mini',
        promptTokens: 638,
        completionTokens: 25,
        totalTokens: 663,
        costUsd: '0.0001107',
        inputUsd: '1.5e-07',
        outputUsd: '6e-07',
      },
    ]);
  });

  it('has null for a price that no list had', () => {
    const [call] = readPaidCalls(`${HEADER}\n2024-08-13T14:40:43Z,u1,None,1,0,1,0.0,,`);
    expect([call?.inputUsd, call?.outputUsd]).toEqual([null, null]);
  });

  it.each([
    ['time_utc,user', 'no column model'],
    [`${HEADER}\na,b`, 'row 1 has 2 cells'],
    [`${HEADER}\nsoon,u,m,1,1,2,0,,`, '"soon" is not an instant'],
    [`${HEADER}\n2024-08-13T14:40:43Z,u,m,1.5,1,2,0,,`, '"1.5" is not a token count'],
  ])('refuses %j', (text, reason) => {
    expect(() => readPaidCalls(text)).toThrow(reason);
  });
});
