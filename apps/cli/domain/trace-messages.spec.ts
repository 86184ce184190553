import { traceMessages } from './trace-messages.js';

describe('trace messages', () => {
  const requests = [
    { afterMs: 0, input: 10, cachedInput: 0, output: 1 },
    { afterMs: 500, input: 0, cachedInput: 512, output: 2 },
  ];
  const messages = traceMessages(
    { format: 'mooncake', requests, skipped: 0 },
    { organization: 'org_a', model: 'm', endsAt: 10_000, seed: 1 },
  );

  it('ends at the asked instant and keeps the gaps', () => {
    expect(messages.map(({ at }) => at)).toEqual([9_500, 10_000]);
    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it('names the cached pool only where something was cached', () => {
    expect(messages.map(({ tokens }) => tokens)).toEqual([
      { input: 10, output: 1 },
      { input: 0, output: 2, cached_input: 512 },
    ]);
  });
});
