// Which way a page runs, its colours, and how every text of it is set.
import { createElement as h, type ReactElement } from 'react';
import { Text } from '@react-pdf/renderer';
import { WORDS } from '../domain/document-words.js';
import type { Printed } from '../domain/printed-document.js';
import { directionOf } from '../domain/printed-text.js';
import { drawable } from './pdf-fonts.js';

export type Style = Record<string, string | number>;

export const INK = '#16181d';
export const FAINT = '#5d6470';
export const LINE = '#d9dce1';
export const ACCENT = '#1f4fd8';
// A change of script inside a word counts as a place to hyphenate: a break there is the last resort.
const NEVER = 1_000_000;
/** Everything that depends on which way the page runs. */
export class Side {
  readonly row: Style;
  readonly start: 'left' | 'right';
  readonly end: 'left' | 'right';

  constructor(private readonly printed: Printed) {
    const isRtl = WORDS[printed.language].direction === 'rtl';
    this.row = { flexDirection: isRtl ? 'row-reverse' : 'row' };
    [this.start, this.end] = isRtl ? ['right', 'left'] : ['left', 'right'];
  }

  /** A text in its own direction, aligned to the page's start, or its end. */
  text(text: string, style: Style = {}, at: 'start' | 'end' = 'start'): ReactElement {
    const direction = directionOf(text);
    // The height of a line is of the size beside it, never of an inherited one.
    const whole = { direction, textAlign: this[at], fontSize: 9, lineHeight: 1.35, ...style };
    return h(Text, { style: whole, hyphenationPenalty: NEVER }, drawable(text));
  }

  get words() {
    return WORDS[this.printed.language];
  }
}
