// How stacked bars are drawn on uPlot's canvas. Pixels have no use for a bigint: the numbers beside the chart are the exact ones.
import UPlot from 'uplot';

export interface ChartPart {
  readonly id: string;
  readonly title: string;
  readonly color: number | null;
  readonly values: readonly bigint[];
  readonly total: bigint;
}

/** What buckets are called: long for the read-out, short for the axis. Made when they are shown: 720 hours have 1,440 names. */
export interface BucketNames {
  readonly count: number;
  readonly long: (index: number) => string;
  readonly short: (index: number) => string;
}

export interface Drawing {
  readonly parts: readonly ChartPart[];
  readonly names: BucketNames;
  readonly choose: (index: number | null) => void;
}

export interface Look extends Drawing {
  readonly dir: 'ltr' | 'rtl';
  readonly compact: (value: number) => string;
}

/** uPlot's options for stacked bars: an axis of names, an axis of values, and the bars, in the colours of the theme that is shown. */
export function optionsFor(element: HTMLElement, look: Look): UPlot.Options {
  const { parts, names, choose, dir } = look;
  const style = getComputedStyle(element);
  const ink = (name: string): string => style.getPropertyValue(name).trim();
  const inkOf = (color: number | null): string =>
    ink(color === null ? '--chart-other' : `--chart-${color}`);
  const font = `13px ${style.fontFamily}`;
  const axis = { stroke: ink('--quiet'), font, ticks: { show: false } } as const;
  const every = Math.max(1, Math.ceil(names.count / Math.max(2, element.clientWidth / 90)));
  return {
    ...sizeOf(element),
    legend: { show: false },
    padding: [12, 12, 0, 12],
    cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: [-0.5, names.count - 0.5], dir: dir === 'rtl' ? -1 : 1 },
      y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 32,
        grid: { show: false },
        splits: () =>
          Array.from({ length: Math.ceil(names.count / every) }, (_, place) => place * every),
        values: (_plot, splits) => splits.map((index) => names.short(index)),
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
      // Their values make the scale; the bars are drawn below.
      ...parts.map(() => ({ paths: () => null, points: { show: false } })),
    ],
    hooks: {
      draw: [(plot) => drawBars(plot, parts.map(({ color }) => inkOf(color)).toReversed())],
      setCursor: [
        ({ cursor }) => {
          if (cursor.idx !== undefined && (cursor.left ?? -1) >= 0) choose(cursor.idx);
          else choose(null);
        },
      ],
    },
  };
}

// A rectangle a bar: one path of 720 bars for each part, as uPlot fills them, takes a renderer without a GPU a third of a second.
// The tallest stack comes first, and each part below it is drawn over it.
function drawBars(plot: UPlot, colors: readonly string[]): void {
  const { ctx, bbox } = plot;
  const [places, ...stacks] = plot.data;
  const width = Math.min((bbox.width / places.length) * 0.72, 40 * devicePixelRatio);
  const floor = plot.valToPos(0, 'y', true);
  ctx.save();
  for (const [row, values] of stacks.entries()) {
    ctx.fillStyle = colors[row] ?? '';
    for (const [place, value] of values.entries()) {
      if (!value) continue;
      const top = plot.valToPos(value, 'y', true);
      ctx.fillRect(plot.valToPos(place, 'x', true) - width / 2, top, width, floor - top);
    }
  }
  ctx.restore();
}

/** As wide as its place; 240 pixels high. */
export function sizeOf(element: HTMLElement): { width: number; height: number } {
  return { width: Math.max(element.clientWidth, 240), height: 240 };
}

/** Row 0 are the places of the buckets; then the running sums, the whole stack first. */
export function stack(parts: readonly ChartPart[], buckets: number): number[][] {
  const running = Array.from({ length: buckets }, () => 0n);
  const sums = parts.map(({ values }) =>
    running.map((_, index) => {
      running[index] = (running[index] ?? 0n) + (values[index] ?? 0n);
      return Number(running[index]);
    }),
  );
  return [running.map((_, index) => index), ...sums.toReversed()];
}
