// A model always has the same colour: its place among the published models decides, not its place in a chart.

/** How many colours the style sheet has (--chart-0 …), chosen to be told apart with every common kind of colour blindness. */
export const COLORS = 8;

/** The number of a name's colour: its place in the list of known names, else one made from its letters. */
export function colorOf(name: string, known: readonly string[]): number {
  const place = known.indexOf(name);
  if (place >= 0) return place % COLORS;
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return hash % COLORS;
}

/** Colours for the parts of one chart: each its own; where two would share one, the later takes the next that is free. */
export function colorsOf(names: readonly string[], known: readonly string[]): number[] {
  const taken = new Set<number>();
  return names.map((name) => {
    let color = colorOf(name, known);
    for (let tries = 0; taken.has(color) && tries < COLORS; tries += 1)
      color = (color + 1) % COLORS;
    taken.add(color);
    return color;
  });
}
