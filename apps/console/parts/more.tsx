import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';

interface MoreProps {
  /** A question that is answered a page at a time. */
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => unknown;
  };
  readonly children: ReactNode;
}

/** Below a list: fetches its next page; nothing where the list is whole. */
export function More({ query, children }: MoreProps) {
  if (!query.hasNextPage) return null;
  return (
    <p className="files">
      <Button
        className="button"
        isPending={query.isFetchingNextPage}
        onPress={() => void query.fetchNextPage()}
      >
        {children}
      </Button>
    </p>
  );
}
