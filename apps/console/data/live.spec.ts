/** @jest-environment jsdom */
import { QueryClient } from '@tanstack/react-query';
import { listen, STALE_BY_EVENT } from './live.js';

describe('live updates', () => {
  it('make the questions of their kind stale, once for many events, and no others', async () => {
    const source = new EventTarget() as EventSource;
    let isClosed = false;
    source.close = () => (isClosed = true);
    const client = new QueryClient();
    for (const kind of ['usage', 'spend', 'invoices', 'published']) client.setQueryData([kind], 1);
    const rows = Array.from({ length: 2_001 });
    client.setQueryData(['usage', 'a month by the hour'], { rows });
    const stop = listen(client, 'org_a', () => source);
    source.dispatchEvent(new Event('usage'));
    source.dispatchEvent(new Event('usage'));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const stale = client
      .getQueryCache()
      .getAll()
      .filter(({ state }) => state.isInvalidated);
    expect(stale.map(({ queryKey }) => queryKey[0])).toEqual(['usage', 'spend']);
    stop();
    expect(isClosed).toBe(true);
  });

  it('are of every kind that the edge tells', () => {
    expect(Object.keys(STALE_BY_EVENT)).toEqual(['usage', 'spend', 'invoice', 'limits']);
  });
});
