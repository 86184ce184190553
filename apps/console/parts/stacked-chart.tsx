// Stacked bars of usage. Drawn by uPlot on a canvas; everything it shows is read out beside it: by pointer, by arrow keys, and in the
// table below. Time runs with the text: right to left in Arabic.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import { useLanguage } from '../i18n/language.js';
import {
  type BucketNames,
  type ChartPart,
  type Drawing,
  optionsFor,
  sizeOf,
  stack,
} from './bar-plot.js';
import { Count } from './figure.js';

interface StackedChartProps {
  /** What the bars are and of which time, for a reader who does not see them. */
  readonly label: string;
  readonly parts: readonly ChartPart[];
  readonly totals: readonly bigint[];
  readonly names: BucketNames;
}

export function StackedChart({ label, parts, totals, names }: StackedChartProps) {
  const { t, dir } = useLanguage();
  const [chosen, setChosen] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useUPlot(box, { parts, names, choose: setChosen });
  const last = names.count - 1;
  const at = chosen !== null && chosen <= last ? chosen : null;
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = placeAfter(event.key, { at, last, dir });
    if (next === undefined) return;
    event.preventDefault();
    setChosen(next);
  };
  return (
    <figure className="chart">
      {/* The arrow keys walk over the bars, as the pointer does. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div
        ref={box}
        className="plot"
        role="group"
        aria-label={`${label}. ${t('chart.keys')}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
      />
      <figcaption>
        <p className="readout" aria-live="polite">
          <span>{at === null ? t('chart.total') : names.long(at)}</span>{' '}
          <Count value={at === null ? sum(totals) : (totals[at] ?? 0n)} of="chart.total" />
        </p>
        <ul className="legend">
          {parts.map(({ id, title, color, values, total }) => (
            <li key={id}>
              <span className={`swatch color-${color ?? 'other'}`} aria-hidden="true" />
              <bdi>{title}</bdi>{' '}
              <Count value={at === null ? total : (values[at] ?? 0n)} of={`chart.${id}`} />
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

interface Place {
  readonly at: number | null;
  readonly last: number;
  readonly dir: 'ltr' | 'rtl';
}

/** Where a key leads: a bar, null for none of them, undefined where it leads nowhere. Forward is where time goes. */
function placeAfter(key: string, { at, last, dir }: Place): number | null | undefined {
  const [forward, backward] =
    dir === 'rtl' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowRight', 'ArrowLeft'];
  if (key === forward) return Math.min((at ?? -1) + 1, last);
  if (key === backward) return Math.max((at ?? last + 1) - 1, 0);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return key === 'Escape' ? null : undefined;
}

function useUPlot(box: React.RefObject<HTMLDivElement | null>, drawing: Drawing): void {
  const { dir, f } = useLanguage();
  const { parts, names, choose } = drawing;
  const stacked = useMemo(() => stack(parts, names.count), [parts, names.count]);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const draw = (): UPlot =>
      new UPlot(
        optionsFor(element, { parts, names, choose, dir, compact: f.compact }),
        stacked as unknown as UPlot.AlignedData,
        element,
      );
    let plot = draw();
    const again = (): void => {
      plot.destroy();
      plot = draw();
    };
    const sizes = new ResizeObserver(() => plot.setSize(sizeOf(element)));
    sizes.observe(element);
    // Canvas knows no style sheet: a change of theme is drawn anew.
    const themes = new MutationObserver(again);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
      plot.destroy();
    };
  }, [box, stacked, parts, names, choose, dir, f]);
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
