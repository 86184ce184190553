import { withPart } from './marked-part.js';

describe('marked part of a document', () => {
  const document = 'a\n<!-- x: written by a command -->\nold\n<!-- end of x -->\nb';

  it('is replaced, and nothing around it', () => {
    const once = withPart(document, 'x', 'new');
    expect(once).toBe('a\n<!-- x: written by a command -->\n\nnew\n\n<!-- end of x -->\nb');
    expect(withPart(once, 'x', 'new')).toBe(once);
  });

  it('has to be there', () => {
    expect(() => withPart(document, 'y', 'new')).toThrow('no place for y');
  });
});
