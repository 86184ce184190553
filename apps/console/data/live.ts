// Live updates: the edge says what changed (server-sent events), the console asks for it again. The event carries no numbers.
import type { QueryClient } from '@tanstack/react-query';
import { isLarge } from './queries.js';

/** Which questions an event makes stale, by the first word of their keys. */
export const STALE_BY_EVENT: Readonly<Record<string, readonly string[]>> = {
  usage: ['usage', 'limits', 'spend', 'upcoming', 'credits'],
  spend: ['spend', 'upcoming', 'credits'],
  invoice: ['invoices', 'upcoming', 'credits', 'spend'],
  limits: ['limits', 'organization', 'spend', 'published'],
};

/** At most one refetch of a kind per second, however many events come. */
const EVERY_MS = 1_000;

/** The updates of an organization; the edge looks every two seconds. */
function updatesOf(organization: string): EventSource {
  return new EventSource(`/events?organization=${encodeURIComponent(organization)}`);
}

/** Listens until the returned function is called. The browser reconnects by itself when the line breaks. */
export function listen(client: QueryClient, organization: string, open = updatesOf): () => void {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refetch = (): void => {
    timer = undefined;
    const kinds = new Set(waiting);
    waiting.clear();
    void client.invalidateQueries({
      predicate: ({ queryKey, state }) => kinds.has(String(queryKey[0])) && !isLarge(state.data),
    });
  };
  const source = open(organization);
  for (const [event, kinds] of Object.entries(STALE_BY_EVENT))
    source.addEventListener(event, () => {
      for (const kind of kinds) waiting.add(kind);
      timer ??= setTimeout(refetch, EVERY_MS);
    });
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
