// The lines of a printed document and its sums.
import { createElement as h, type ReactElement } from 'react';
import { View } from '@react-pdf/renderer';
import { type PageOfRows, WIDTHS } from '../domain/page-breaks.js';
import type { Printed } from '../domain/printed-document.js';
import type { PrintedRow } from '../domain/printed-row.js';
import { breakLong } from '../domain/printed-text.js';
import { FAINT, INK, LINE, type Side, type Style } from './pdf-side.js';

const GAP = 6;
/** With the gaps as wide as the page between its margins. */
const COLUMNS = { item: 184, span: 98, quantity: 84, price: 62, amount: 63 } as const;

/** The lines of a page under their head, and on the last page the sums. */
export function table(printed: Printed, page: PageOfRows, side: Side): ReactElement {
  const rows = page.rows.map((row, index) => tableRow(row, index, side));
  return h(View, null, tableHead(side), ...rows, page.isLast ? totals(printed, side) : null);
}

function tableHead(side: Side): ReactElement {
  const { words } = side;
  const label = { fontSize: 8, color: FAINT };
  return h(
    View,
    {
      fixed: true,
      style: { ...side.row, gap: GAP, paddingBottom: 4, borderBottom: `1pt solid ${INK}` },
    },
    cell(COLUMNS.item, side.text(words.item, label)),
    cell(COLUMNS.span, side.text(words.period, label)),
    cell(COLUMNS.quantity, side.text(words.quantity, label, 'end')),
    cell(COLUMNS.price, side.text(words.price, label, 'end')),
    cell(COLUMNS.amount, side.text(words.amount, label, 'end')),
  );
}

function tableRow(row: PrintedRow, index: number, side: Side): ReactElement {
  const faint = { fontSize: 8, color: FAINT };
  return h(
    View,
    {
      key: index,
      wrap: false,
      style: { ...side.row, gap: GAP, paddingVertical: 4, borderBottom: `0.5pt solid ${LINE}` },
    },
    cell(
      COLUMNS.item,
      side.text(breakLong(row.title, WIDTHS.title)),
      row.detail === '' ? null : side.text(breakLong(row.detail, WIDTHS.detail), faint),
    ),
    cell(COLUMNS.span, side.text(row.span, faint)),
    cell(COLUMNS.quantity, side.text(breakLong(row.quantity, WIDTHS.quantity), {}, 'end')),
    cell(COLUMNS.price, side.text(breakLong(row.price, WIDTHS.price), {}, 'end')),
    cell(COLUMNS.amount, side.text(breakLong(row.amount, WIDTHS.amount), {}, 'end')),
  );
}

function cell(width: number, ...parts: (ReactElement | null)[]): ReactElement {
  return h(View, { style: { width } }, ...parts);
}

// The amount to pay is the largest.
function totals({ totals: sums, due }: Printed, side: Side): ReactElement {
  const line = ([label, text]: readonly [string, string], index: number, style: Style) =>
    h(
      View,
      { key: index, style: { ...side.row, justifyContent: 'space-between', paddingVertical: 2 } },
      side.text(label, style),
      side.text(text, style, 'end'),
    );
  return h(
    View,
    {
      wrap: false,
      style: {
        width: 250,
        marginTop: 12,
        alignSelf: side.end === 'right' ? 'flex-end' : 'flex-start',
      },
    },
    ...sums.map((sum, index) => line(sum, index, {})),
    h(
      View,
      { style: { borderTop: `1pt solid ${INK}`, marginTop: 4, paddingTop: 4 } },
      line(due, -1, { fontSize: 13, fontWeight: 600 }),
    ),
  );
}
