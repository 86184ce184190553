import { createRequire } from 'node:module';
import fc from 'fast-check';
import { crc32c } from './crc32c.js';

const reference = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/crc32C') as (
  bytes: Buffer,
) => number;

describe('crc32c', () => {
  it.each([
    // RFC 3720, B.4, and the check value of the polynomial.
    [Buffer.alloc(32, 0), 0x8a9136aa, '32 zeros'],
    [Buffer.alloc(32, 0xff), 0x62a8ab43, '32 ones'],
    [Buffer.from('123456789'), 0xe3069283, 'the check string'],
    [Buffer.alloc(0), 0, 'nothing'],
  ])('%# is the published value', (bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  it('agrees with another implementation for bytes of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(crc32c(Buffer.from(bytes))).toBe(reference(Buffer.from(bytes)));
      }),
    );
  });
});
