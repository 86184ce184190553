// The printed page: A4, one accent, lines rather than boxes. In Arabic the page runs from the right and amounts stay as they are.
import { createElement as h, type ReactElement } from 'react';
import {
  Document,
  type DocumentProps,
  Page,
  Path,
  Rect,
  Svg,
  Text,
  View,
} from '@react-pdf/renderer';
import { type PageOfRows, pagesOf } from '../domain/page-breaks.js';
import type { Printed, PrintedParty } from '../domain/printed-document.js';
import { breakLong } from '../domain/printed-text.js';
import { FAMILIES } from './pdf-fonts.js';
import { ACCENT, FAINT, INK, Side, type Style } from './pdf-side.js';
import { table } from './pdf-table.js';

const PAGE: Style = {
  paddingTop: 40,
  paddingBottom: 56,
  paddingHorizontal: 40,
  fontSize: 9,
  color: INK,
};

/** The document as react-pdf takes it: the same texts give the same bytes. */
export function pdfPage(printed: Printed): ReactElement<DocumentProps> {
  const side = new Side(printed);
  const created = new Date(printed.issuedAt);
  const about: DocumentProps = {
    title: [printed.title, printed.number].filter(Boolean).join(' '),
    author: printed.seller.name,
    language: printed.language,
    producer: 'Meterbook',
    creator: 'Meterbook',
    creationDate: created,
    modificationDate: created,
  };
  return h(
    Document,
    about,
    ...pagesOf(printed).map((page, index) => onePage(printed, page, side, index)),
  );
}

function onePage(printed: Printed, page: PageOfRows, side: Side, key: number): ReactElement {
  return h(
    Page,
    { key, size: 'A4', style: { ...PAGE, fontFamily: FAMILIES } as never },
    printed.stamp === null ? null : stamp(printed.stamp, side),
    ...(page.isFirst ? [head(printed, side), parties(printed, side)] : []),
    table(printed, page, side),
    ...(page.isLast ? printed.notes.map((note, index) => noteLine(note, index, side)) : []),
    foot(printed, side),
  );
}

function noteLine(note: string, index: number, side: Side): ReactElement {
  const style = { marginTop: index === 0 ? 18 : 2 };
  return h(View, { key: `note ${index}`, style }, side.text(note, { fontSize: 8, color: FAINT }));
}

function head(printed: Printed, side: Side): ReactElement {
  return h(
    View,
    { style: { ...side.row, justifyContent: 'space-between', marginBottom: 22 } },
    h(
      View,
      { style: { ...side.row, gap: 9, width: 250 } },
      mark(),
      h(
        View,
        { style: { flex: 1, paddingTop: 3 } },
        side.text(breakLong(printed.seller.name, 24), { fontSize: 13, fontWeight: 600 }),
      ),
    ),
    h(
      View,
      { style: { width: 255 } },
      side.text(printed.title, { fontSize: 22, fontWeight: 600, marginBottom: 6 }, 'end'),
      ...printed.facts.map(([label, text], index) =>
        h(
          View,
          { key: index, style: { ...side.row, justifyContent: 'space-between' } },
          side.text(label, { color: FAINT }),
          side.text(text, {}, 'end'),
        ),
      ),
    ),
  );
}

// Our own mark: a book seen from its edge, its pages the bars of a meter.
function mark(): ReactElement {
  return h(
    Svg,
    { width: 26, height: 26, viewBox: '0 0 26 26' },
    h(Rect, { x: 0, y: 0, width: 26, height: 26, rx: 5, fill: ACCENT }),
    h(Path, { d: 'M7 19V13 M13 19V9.5 M19 19V6', stroke: '#ffffff', strokeWidth: 3 }),
  );
}

function parties({ seller, billTo }: Printed, side: Side): ReactElement {
  return h(
    View,
    { style: { ...side.row, justifyContent: 'space-between', gap: 24, marginBottom: 24 } },
    party(seller, side),
    party(billTo, side),
  );
}

function party({ label, name, lines }: PrintedParty, side: Side): ReactElement {
  return h(
    View,
    { style: { flex: 1 } },
    side.text(label, { fontSize: 8, color: FAINT, marginBottom: 2 }),
    side.text(breakLong(name, 40), { fontSize: 10, fontWeight: 600 }),
    ...lines.map((line, index) => h(View, { key: index }, side.text(breakLong(line, 46)))),
  );
}

function foot(printed: Printed, side: Side): ReactElement {
  const style = { fontSize: 8, color: FAINT };
  const name = [printed.seller.name, printed.number].filter(Boolean).join(' · ');
  return h(
    View,
    {
      fixed: true,
      style: {
        ...side.row,
        position: 'absolute',
        bottom: 26,
        left: 40,
        right: 40,
        justifyContent: 'space-between',
      },
    },
    side.text(name, style),
    h(Text, {
      style: { ...style, direction: side.words.direction, textAlign: side.end } as never,
      render: ({ pageNumber, totalPages }) => side.words.page(pageNumber, totalPages ?? pageNumber),
    }),
  );
}

function stamp(text: string, side: Side): ReactElement {
  return h(
    View,
    { fixed: true, style: { position: 'absolute', top: 330, left: 0, right: 0 } },
    h(
      Text,
      {
        style: {
          fontSize: 110,
          fontWeight: 600,
          color: '#eceef1',
          textAlign: 'center',
          direction: side.words.direction,
          transform: 'rotate(-30deg)',
        } as never,
      },
      text,
    ),
  );
}
