import { COLORS, colorOf, colorsOf } from './colors.js';

describe('colour', () => {
  it('is the place among the known names', () => {
    expect(colorOf('b', ['a', 'b'])).toBe(1);
  });

  it('of an unknown name is always the same one', () => {
    expect(colorOf('x', [])).toBe(colorOf('x', ['a']));
    expect(colorOf('a long name of a model', [])).toBeLessThan(COLORS);
  });

  it('is another one for each part of a chart', () => {
    const known = Array.from({ length: 20 }, (_, place) => `model ${place}`);
    const shown = ['model 0', 'model 8', 'model 16', 'model 1'];
    expect(new Set(colorsOf(shown, known)).size).toBe(4);
    expect(colorsOf(['model 0'], known)).toEqual([0]);
  });
});
