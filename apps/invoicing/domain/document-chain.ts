// The chain over issued documents: who changes one, takes one out or puts one in must make every hash after it again, and the end of
// the chain, which operators can note elsewhere, gives that away.
import { hash } from 'node:crypto';

/** What stands before the first document of a legal entity: 32 zero bytes. */
export const CHAIN_START = Buffer.alloc(32);

/** SHA-256 of `previous hash in hex`, line feed, `number`, line feed, the document's text as UTF-8. */
export function chainHash(previous: Buffer, number: string, document: string): Buffer {
  return hash('sha256', `${previous.toString('hex')}\n${number}\n${document}`, 'buffer');
}

/** A document as its row has it; hashes in hex. */
export interface ChainLink {
  readonly number: string;
  readonly position: bigint;
  readonly previousHash: string;
  readonly hash: string;
  /** What the hash of the stored text is, in hex. */
  readonly computedHash: string;
}

/** `document_changed`: text, number or hash; `document_missing`: one before this was taken away; `link_broken`: not the one before it. */
export type ChainFault = 'document_changed' | 'document_missing' | 'link_broken';

/** Where the chain stood before a link. */
export interface ChainPoint {
  readonly position: bigint;
  readonly hash: string;
}

/** What is wrong with a link after the given point; undefined: nothing. */
export function faultOf(link: ChainLink, before: ChainPoint): ChainFault | undefined {
  if (link.hash !== link.computedHash) return 'document_changed';
  if (link.position !== before.position + 1n) return 'document_missing';
  return link.previousHash === before.hash ? undefined : 'link_broken';
}
