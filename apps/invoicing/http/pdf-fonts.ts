// IBM Plex Sans and its Arabic sister, from npm, and what of a text they can draw.
import { createRequire } from 'node:module';
import { Font } from '@react-pdf/renderer';

export const FAMILIES = ['IBM Plex Sans', 'IBM Plex Sans Arabic'];

const REPLACEMENT = '\ufffd';
const SPACE = 0x20;
/** Line feed and left-to-right mark. */
const UNDRAWN = new Set([0x0a, 0x200e]);

const FILES = {
  'IBM Plex Sans': ['ibm-plex-sans', 'IBMPlexSans'],
  'IBM Plex Sans Arabic': ['ibm-plex-sans-arabic', 'IBMPlexSansArabic'],
} as const;

const WEIGHTS = { 400: '400Regular', 600: '600SemiBold' } as const;

let loading: Promise<void> | undefined;

/** Loads the four font files, once per thread; a text may be drawn when it has resolved. */
export async function loadFonts(): Promise<void> {
  return (loading ??= load());
}

/** The text with U+FFFD for each character that neither font has: the renderer would draw another one in its place. */
export function drawable(text: string): string {
  const fonts = FAMILIES.map((fontFamily) => Font.getFont({ fontFamily, fontWeight: 400 })?.data);
  return Array.from(text, (char) => {
    const code = char.codePointAt(0) as number;
    return fonts.some((font) => font?.hasGlyphForCodePoint(code)) ? char : REPLACEMENT;
  }).join('');
}

async function load(): Promise<void> {
  const { resolve } = createRequire(import.meta.url);
  for (const [family, [folder, name]] of Object.entries(FILES)) {
    const fonts = Object.entries(WEIGHTS).map(([weight, style]) => ({
      fontWeight: Number(weight),
      src: resolve(`@expo-google-fonts/${folder}/${style}/${name}_${style}.ttf`),
    }));
    Font.register({ family, fonts });
    for (const { fontWeight } of fonts) {
      await Font.load({ fontFamily: family, fontWeight });
      takeMarks({ fontFamily: family, fontWeight });
    }
  }
  // Never a hyphen that is not in the text: what is too long was broken before.
  Font.registerHyphenationCallback((word) => [word]);
}

// Plex has no shape for the left-to-right mark and for line ends, and needs none: they do their work before they are drawn. Without
// this the renderer would take them from Helvetica, which is not embedded, or draw a box.
function takeMarks(font: { readonly fontFamily: string; readonly fontWeight: number }): void {
  const { data } = Font.getFont(font) ?? {};
  if (!data) throw new Error(`the font ${font.fontFamily} was not loaded`);
  const has = data.hasGlyphForCodePoint.bind(data);
  data.hasGlyphForCodePoint = (code: number): boolean => UNDRAWN.has(code) || has(code);
  const layout = data.layout.bind(data);
  const blank = data.glyphForCodePoint(SPACE);
  // Reordering Arabic lines asks for the glyph of each character again.
  const glyphFor = data.glyphForCodePoint.bind(data);
  data.glyphForCodePoint = (code: number): ReturnType<typeof glyphFor> =>
    UNDRAWN.has(code) ? nothing(blank, [code]) : glyphFor(code);
  data.layout = (...given: Parameters<typeof layout>): ReturnType<typeof layout> => {
    const run = layout(...given);
    for (const [index, glyph] of run.glyphs.entries()) {
      const { codePoints } = glyph;
      if (!codePoints.every((code: number) => UNDRAWN.has(code))) continue;
      run.glyphs[index] = nothing(blank, codePoints);
      const position = run.positions[index];
      if (position) position.xAdvance = 0;
    }
    return run;
  };
}

// The blank glyph under other characters, and without a width.
function nothing<Glyph extends object>(blank: Glyph, codePoints: readonly number[]): Glyph {
  const own = { codePoints: { value: codePoints }, advanceWidth: { value: 0 } };
  return Object.create(blank, own) as Glyph;
}
