// Whether issued documents are all there and unchanged: the chain of their hashes, walked from the first to the last.
import { Controller, Get } from '@nestjs/common';
import { RequireScope } from '#libs/http/auth.js';
import { ChainStore, type CheckedLink } from '../store/chain.store.js';

@Controller('v1/document-chains')
export class DocumentChainsController {
  constructor(private readonly chains: ChainStore) {}

  /** One chain per legal entity; `broken` names the first document at which it does not hold. Reads every document. */
  @Get()
  @RequireScope('ops')
  async check() {
    const checked = await this.chains.check();
    return {
      intact: checked.every(({ broken }) => broken === null),
      data: checked.map(({ legalEntity, documents, head, broken }) => ({
        legal_entity: legalEntity,
        documents: Number(documents),
        head,
        broken,
      })),
    };
  }
}

/** A document's link as `POST …/verify` shows it. */
export function linkView({ legalEntity, position, previousHash, hash, fault }: CheckedLink) {
  return {
    legal_entity: legalEntity,
    position: Number(position),
    previous_hash: previousHash,
    hash,
    intact: fault === null,
    fault,
  };
}
