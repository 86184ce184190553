import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  /** At the end of the heading's line: a link, a choice. */
  readonly aside?: ReactNode;
  readonly intro?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A part of a page with its heading; the heading names the region for a screen reader. */
export function Section({ title, aside, intro, children, className = '' }: SectionProps) {
  const id = useId();
  return (
    <section className={`section ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside && <div className="aside">{aside}</div>}
      </header>
      {intro && <p className="intro">{intro}</p>}
      {children}
    </section>
  );
}

interface PageProps {
  readonly title: string;
  readonly intro?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A page with its one first-level heading. */
export function Page({ title, intro, aside, children }: PageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {intro && <p className="lead">{intro}</p>}
        </div>
        {aside && <div className="aside">{aside}</div>}
      </header>
      {children}
    </div>
  );
}

/** A table that scrolls sideways inside itself on a narrow screen, reachable by keyboard. */
export function TableBox({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    // A box that scrolls must be reachable without a pointer (WCAG 2.1.1).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-box" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
