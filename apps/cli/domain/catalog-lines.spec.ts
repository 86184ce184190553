import { changeLines, faultLines } from './catalog-lines.js';

describe('lines about a catalog document', () => {
  it('name file, line, place and rule of a fault', () => {
    const fault = { pointer: '/currency', code: 'invalid_currency', detail: 'no currency' };
    expect(
      faultLines('c.yaml', [
        { ...fault, line: 3, detail: 'line 3: no currency' },
        { ...fault, line: null, pointer: '' },
      ]),
    ).toEqual([
      'c.yaml:3: /currency: no currency (invalid_currency)',
      'c.yaml: the document: no currency (invalid_currency)',
    ]);
  });

  it('tell what was and what will be', () => {
    expect(
      changeLines([
        { path: '/a', from: '1', to: '2' },
        { path: '/b', from: null, to: ['x'] },
        { path: '/c', from: 5, to: null },
      ]),
    ).toEqual(['/a: "1" → "2"', '/b: – → ["x"]', '/c: 5 → –']);
  });
});
