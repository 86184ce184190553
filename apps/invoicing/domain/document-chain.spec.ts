import { createHash } from 'node:crypto';
import { CHAIN_START, chainHash, type ChainLink, faultOf } from './document-chain.js';

const FIRST = chainHash(CHAIN_START, 'MB-2026-000001', '{"total":"1.00"}');

const link = (part: Partial<ChainLink> = {}): ChainLink => ({
  number: 'MB-2026-000002',
  position: 2n,
  previousHash: FIRST.toString('hex'),
  hash: 'aa',
  computedHash: 'aa',
  ...part,
});

describe('the chain of documents', () => {
  it('is a SHA-256 that anyone can compute from what is stored', () => {
    const text = `${'0'.repeat(64)}\nMB-2026-000001\n{"total":"1.00"}`;
    expect(FIRST.toString('hex')).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it.each([
    ['number', chainHash(CHAIN_START, 'MB-2026-000002', '{"total":"1.00"}')],
    ['text', chainHash(CHAIN_START, 'MB-2026-000001', '{"total":"1.01"}')],
    ['document before', chainHash(FIRST, 'MB-2026-000001', '{"total":"1.00"}')],
  ])('hangs on the %s', (_, other) => {
    expect(other).not.toEqual(FIRST);
  });

  it.each<[string, Partial<ChainLink>, string | undefined]>([
    ['whole', {}, undefined],
    ['changed', { computedHash: 'bb' }, 'document_changed'],
    ['after a gap', { position: 3n }, 'document_missing'],
    ['put in', { position: 1n }, 'document_missing'],
    ['linked to another', { previousHash: 'cc' }, 'link_broken'],
  ])('finds a link %s', (_, part, fault) => {
    expect(faultOf(link(part), { position: 1n, hash: FIRST.toString('hex') })).toBe(fault);
  });
});
