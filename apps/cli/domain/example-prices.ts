// A small price list of our own invention, so that a demo has something to compare with. No provider asks these prices.

const perMillion = (input: string, output: string) => ({ on_demand: { input, output } });

/** The body of POST /v1/price-lists; `now` is epoch ms: the list is of the day. */
export function examplePriceList(now: number) {
  return {
    source: 'own',
    as_of: new Date(now).toISOString().slice(0, 10),
    title: 'Example: invented by the demo, not prices that anyone asks',
    prices: {
      'Example Provider A': {
        'llama-3.1-8b-instruct': perMillion('0.06', '0.09'),
        'llama-3.3-70b-instruct': perMillion('0.66', '0.88'),
        'gpt-oss-120b': perMillion('0.18', '0.72'),
      },
      'Example Provider B': {
        'meta-llama/Llama-3.1-8B-Instruct': perMillion('0.04', '0.10'),
        'meta-llama/Llama-3.3-70B-Instruct-Turbo': perMillion('0.55', '0.99'),
        'openai/gpt-oss-20b': perMillion('0.06', '0.33'),
      },
    },
  };
}
