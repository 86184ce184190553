// Which lines stand on which page. The renderer could find the breaks itself, but lays the rest out again for each page: 1,000 lines
// took 34 s that way. Heights are in points and follow the sizes of the layout; a line of type is 1.35 times its size.
import type { Printed } from './printed-document.js';
import type { PrintedRow } from './printed-row.js';
import { breakLong } from './printed-text.js';

/** A4 is 842 high, its margins 40 and 56; what is left over covers what is estimated. */
const PAGE = 842 - 40 - 56 - 8;
const TABLE_HEAD = 16;
const [SMALL, BODY] = [8 * 1.35, 9 * 1.35];

/** How many characters fit into a line of each column; longer words are broken there. */
export const WIDTHS = { title: 34, detail: 40, span: 22, quantity: 15, price: 11, amount: 13 };

export interface PageOfRows {
  readonly rows: readonly PrintedRow[];
  /** The page has who bills whom above its lines. */
  readonly isFirst: boolean;
  /** The page has the sums below its lines; it has at least one line, where there is any. */
  readonly isLast: boolean;
}

/** The pages of a document, at least one; every row is on one of them, in order. */
export function pagesOf(printed: Printed): PageOfRows[] {
  const pages: PrintedRow[][] = [[]];
  let room = PAGE - TABLE_HEAD - headHeight(printed);
  for (const row of printed.rows) {
    const height = rowHeight(row);
    if (height > room && pages.at(-1)?.length !== 0) {
      pages.push([]);
      room = PAGE - TABLE_HEAD;
    }
    pages.at(-1)?.push(row);
    room -= height;
  }
  const last = pages.at(-1) as PrintedRow[];
  // The sums never stand alone: the last line goes with them.
  if (room < sumsHeight(printed) && last.length > 1) pages.push(last.splice(-1));
  return pages.map((rows, index) => ({
    rows,
    isFirst: index === 0,
    isLast: index === pages.length - 1,
  }));
}

/** Number, dates, seller and customer: about 240 with addresses of three lines. */
function headHeight({ facts, seller, billTo }: Printed): number {
  const parties = [seller, billTo].map(
    ({ name, lines }) => linesIn(name, 40) * 13.5 + sum(lines, (line) => linesIn(line, 46)) * BODY,
  );
  return 36 + facts.length * BODY + 22 + SMALL + 2 + Math.max(...parties) + 24;
}

function rowHeight(row: PrintedRow): number {
  const item =
    linesIn(row.title, WIDTHS.title) * BODY +
    (row.detail === '' ? 0 : linesIn(row.detail, WIDTHS.detail) * SMALL);
  const others = [
    linesIn(row.span, WIDTHS.span) * SMALL,
    linesIn(row.quantity, WIDTHS.quantity) * BODY,
    linesIn(row.price, WIDTHS.price) * BODY,
    linesIn(row.amount, WIDTHS.amount) * BODY,
  ];
  return Math.max(item, ...others) + 8.5;
}

function sumsHeight({ totals, notes }: Printed): number {
  return (
    12 +
    totals.length * (BODY + 4) +
    31 +
    18 +
    sum(notes, (note) => linesIn(note, 110)) * (SMALL + 2)
  );
}

/** Lines that a text takes at so many characters each, words kept whole where they fit. */
function linesIn(text: string, most: number): number {
  let lines = 0;
  for (const line of breakLong(text, most).split('\n')) {
    let length = 0;
    lines += 1;
    for (const word of line.split(' ')) {
      const longer = length === 0 ? word.length : length + 1 + word.length;
      if (longer > most) lines += 1;
      length = longer > most ? word.length : longer;
    }
  }
  return lines;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
