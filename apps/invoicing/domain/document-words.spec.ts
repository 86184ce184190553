import { WORDS } from './document-words.js';

const leaves = (value: unknown, path = ''): [string, unknown][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, part]) => leaves(part, `${path}/${name}`))
    : [[path, value]];

describe('the words of a document', () => {
  it('are the same in each language, none missing', () => {
    const [english, arabic] = [WORDS.en, WORDS.ar].map((words) =>
      leaves(words).map(([path]) => path),
    );
    expect(arabic).toEqual(english);
    for (const [path, text] of [...leaves(WORDS.en), ...leaves(WORDS.ar)])
      expect([path, text === '']).toEqual([path, false]);
  });

  it('are Arabic in Arabic: no Latin letter is left over', () => {
    const texts = leaves(WORDS.ar).filter(([path]) => path !== '/direction');
    const latin = texts.filter(([, text]) => typeof text === 'string' && /[A-Za-z]/.test(text));
    expect(latin).toEqual([]);
    expect([WORDS.ar.page(1, 3), WORDS.ar.span('1', '2')]).toEqual(['1 من 3', 'من 1 إلى 2']);
  });

  it('count pages in English as people do', () => {
    expect([WORDS.en.page(1, 3), WORDS.en.span('1', '2')]).toEqual(['1 of 3', '1 – 2']);
  });
});
