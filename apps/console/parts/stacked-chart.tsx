// Stacked bars of usage. Drawn by uPlot on a canvas; everything it shows is read out beside it: by pointer, by arrow keys, and in the
// table below. Time runs with the text: right to left in Arabic.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import UPlot from 'uplot';
import { useLanguage } from '../i18n/language.js';
import { Count } from './figure.js';

export interface ChartPart {
  readonly id: string;
  readonly title: string;
  readonly color: number | null;
  readonly values: readonly bigint[];
  readonly total: bigint;
}

interface StackedChartProps {
  /** What the bars are and of which time, for a reader who does not see them. */
  readonly label: string;
  readonly parts: readonly ChartPart[];
  readonly totals: readonly bigint[];
  /** Of each bucket: long for the read-out, short for the axis. */
  readonly names: readonly { readonly long: string; readonly short: string }[];
}

export function StackedChart({ label, parts, totals, names }: StackedChartProps) {
  const { t, dir } = useLanguage();
  const [chosen, setChosen] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useUPlot(box, { parts, names, choose: setChosen });
  const last = names.length - 1;
  const at = chosen !== null && chosen <= last ? chosen : null;
  const onKeyDown = (event: KeyboardEvent): void => {
    const forward = dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const backward = dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    const next =
      event.key === forward
        ? Math.min((at ?? -1) + 1, last)
        : event.key === backward
          ? Math.max((at ?? last + 1) - 1, 0)
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? last
              : event.key === 'Escape'
                ? null
                : undefined;
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
          <span>{at === null ? t('chart.total') : names[at]?.long}</span>{' '}
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

interface Drawing {
  readonly parts: readonly ChartPart[];
  readonly names: StackedChartProps['names'];
  readonly choose: (index: number | null) => void;
}

function useUPlot(box: React.RefObject<HTMLDivElement | null>, drawing: Drawing): void {
  const { dir, f } = useLanguage();
  const { parts, names, choose } = drawing;
  // Pixels have no use for a bigint: the numbers beside the chart are the exact ones.
  const stacked = useMemo(() => stack(parts, names.length), [parts, names.length]);
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

interface Look extends Drawing {
  readonly dir: 'ltr' | 'rtl';
  readonly compact: (value: number) => string;
}

function optionsFor(element: HTMLElement, look: Look): UPlot.Options {
  const { parts, names, choose, dir } = look;
  const style = getComputedStyle(element);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  const font = `13px ${style.fontFamily}`;
  const axis = { stroke: ink('--quiet'), font, ticks: { show: false } } as const;
  const every = Math.max(1, Math.ceil(names.length / Math.max(2, element.clientWidth / 90)));
  return {
    ...sizeOf(element),
    legend: { show: false },
    padding: [12, 12, 0, 12],
    cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, names.length - 0.5], dir: dir === 'rtl' ? -1 : 1 },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        grid: { show: false },
        splits: () => names.map((_, index) => index).filter((index) => index % every === 0),
        values: (_plot, splits) => splits.map((index) => names[index]?.short ?? ''),
      },
      {
        ...axis,
        side: dir === 'rtl' ? 1 : 3,
        size: 56,
        grid: { stroke: ink('--line'), width: 1 },
        values: (_plot, splits) => splits.map((value) => look.compact(value)),
      },
    ],
    series: [
      {},
      // The tallest stack is drawn first, and the parts below it over it.
      ...parts
        .map(({ color }) => ({
          fill: ink(color === null ? '--chart-other' : `--chart-${color}`),
          width: 0,
          points: { show: false },
          paths: (UPlot.paths.bars as NonNullable<typeof UPlot.paths.bars>)({ size: [0.72, 40] }),
        }))
        .toReversed(),
    ],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          if (cursor.idx !== undefined && (cursor.left ?? -1) >= 0) choose(cursor.idx);
          else choose(null);
        },
      ],
    },
  };
}

function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(element.clientWidth, 240), height: 240 };
}

// Row 0 are the places of the buckets; then the running sums, the whole stack first.
function stack(parts: readonly ChartPart[], buckets: number): number[][] {
  const running = Array.from({ length: buckets }, () => 0n);
  const sums = parts.map(({ values }) =>
    running.map((_, index) => {
      running[index] = (running[index] ?? 0n) + (values[index] ?? 0n);
      return Number(running[index]);
    }),
  );
  return [running.map((_, index) => index), ...sums.toReversed()];
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
