import { asCount, MAPPINGS } from './openmeter-mappings.js';

describe('numeric text', () => {
  it.each([
    // sent           read
    ['123', 123],
    ['12.0', 12],
    [7, 7],
    ['1.5', '1.5'],
    ['-1', '-1'],
    ['', ''],
    ['1e3', '1e3'],
    [null, null],
  ])('%j reads as %j', (sent, read) => {
    expect(asCount(sent)).toBe(read);
  });
});

describe('mapping', () => {
  it('never looks up an inherited name', () => {
    expect(MAPPINGS.get('constructor')).toBeUndefined();
    const read = MAPPINGS.get('prompt')?.({ model: 'm' });
    expect(read).toMatchObject({ fault: { reason: 'no_usage' } });
  });
});
