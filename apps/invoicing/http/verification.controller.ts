// The proof of an issued invoice: made again from the log, and compared.
import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { notFound, Problem } from '#libs/http/problem.js';
import { count } from '../domain/count.js';
import { ChainStore } from '../store/chain.store.js';
import { InvoiceStore } from '../store/invoice.store.js';
import { CannotReplay } from '../store/log-replay.js';
import { Verifying } from '../store/verifying.js';
import { linkView } from './document-chains.controller.js';

@Controller('v1/invoices')
export class VerificationController {
  constructor(
    private readonly invoices: InvoiceStore,
    private readonly verifying: Verifying,
    private readonly chains: ChainStore,
  ) {}

  /** Reads the log from its start to the cut: takes as long as that. 409 `log_truncated`, `log_incomplete`, `log_unreadable`. */
  @Post(':number/verify')
  @HttpCode(200)
  @RequireScope('billing:read', 'ops')
  async verify(@Param('number') number: string, @CurrentCaller() caller: Caller) {
    const known = await this.invoices.find(number);
    if (!known || (caller.organization !== null && caller.organization !== known.organization))
      throw notFound('unknown_invoice', `There is no invoice ${number}.`);
    const found = await orConflict(async () => this.verifying.verify(number));
    if (!found) throw notFound('unknown_invoice', `There is no invoice ${number}.`);
    const link = await this.chains.link(number);
    const { equal, bytesEqual, cut, events, differences } = found;
    return {
      equal,
      bytes_equal: bytesEqual,
      cut,
      events,
      chain: link === undefined ? null : linkView(link),
      differences: differences.map(({ path, stored, derived }) => ({
        path,
        stored: shown(stored),
        derived: shown(derived),
      })),
    };
  }
}

/** 409 with the code of what the log lacks, when it cannot be read as far as needed. */
export async function orConflict<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CannotReplay) throw new Problem(409, error.code, error.message);
    throw error;
  }
}

// null stands for what is not there: a member that JSON left out would look like a fault of ours.
function shown(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return count(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(shown);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shown(part)]));
}
