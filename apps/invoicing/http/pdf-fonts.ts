// IBM Plex Sans and its Arabic sister, from npm, and what of a text they can draw.
import { createRequire } from 'node:module';
import { Font } from '@react-pdf/renderer';

export const FAMILIES = ['IBM Plex Sans', 'IBM Plex Sans Arabic'];

const REPLACEMENT = '\ufffd';
const LRM = 0x200e;

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
    // The mark has no shape in any font, and is dropped once it has done its work.
    if (code === LRM || char === '\n') return char;
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
    for (const { fontWeight } of fonts) await Font.load({ fontFamily: family, fontWeight });
  }
  // Never a hyphen that is not in the text: what is too long was broken before.
  Font.registerHyphenationCallback((word) => [word]);
}
