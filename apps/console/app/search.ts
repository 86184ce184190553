// The state of a page lives in its URL as plain text (`?model=a/b&window=day`), so that every view can be sent to someone.
import { useNavigate, useSearch } from '@tanstack/react-router';

export type Search = Readonly<Record<string, string | undefined>>;

/** "?a=1&b=x" → {a: "1", b: "x"}: text stays text, so that a count above 2^53 in a link survives. Of a repeated name the last counts. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}

export function formatSearch(search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '',
  );
  const text = new URLSearchParams(given).toString();
  return text === '' ? '' : `?${text}`;
}

export function useSearchText(): Search {
  return useSearch({ strict: false }) as Search;
}

/** Changes some parameters of the page's own URL; undefined takes one away. Replaces the entry: a filter is no page of its own. */
export function useChangeSearch(): (change: Search) => void {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: '.',
      search: (before: Search) => ({ ...before, ...change }),
      replace: true,
    } as Parameters<typeof navigate>[0]);
}
