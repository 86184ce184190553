import type { ReactNode } from 'react';

interface FactsProps {
  /** A term and what it is, in order; a term whose value is empty is left out. */
  readonly facts: readonly (readonly [term: ReactNode, value: ReactNode])[];
}

/** Terms and their values, side by side where there is room. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value != null && value !== false && value !== '')
        .map(([term, value], place) => (
          // The facts of one thing never change places.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={place} className="fact">
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
