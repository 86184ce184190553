import { Body, Controller, Param, Put } from '@nestjs/common';
import { AccountStore } from '#libs/accounts/account.store.js';
import { type TaxRate, taxSpanOf } from '#libs/events/taxes.js';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { decideTax } from '../domain/decide-tax.js';
import { AccountCommands } from '../store/account-commands.js';
import { FactPositions } from '../store/fact-positions.js';
import { instantOf } from './instants.js';
import { TaxBody, type TaxRateBody } from './organizations-tax.dto.js';
import { toTax } from './organizations-view.js';

/** What an organization's documents are taxed at. */
@Controller('v1/organizations/:id/tax')
@RequireScope('admin')
export class OrganizationTaxController {
  constructor(
    private readonly commands: AccountCommands,
    private readonly positions: FactPositions,
    private readonly accounts: AccountStore,
  ) {}

  /** Rates from an instant on; what was planned for later is replaced. The same rates again change nothing. */
  @Put()
  async put(@Param('id') id: string, @Body() body: TaxBody, @CurrentCaller() caller: Caller) {
    assertMayRead(caller, id);
    const asked = {
      rates: body.rates.map(toRate),
      effectiveFrom: instantOf(body.effective_from, '/effective_from'),
    };
    const outcome = await this.commands.decideKnown(id, null, ({ now }, account) =>
      decideTax(now, account, asked),
    );
    const position = await this.positions.of(outcome);
    const known = outcome.fact ?? (await this.accounts.find(id))?.taxes?.at(-1);
    const said = known && 'type' in known ? taxSpanOf(known) : known;
    return { ...toTax(said ?? { rates: [], from: 0 }), organization: id, position };
  }
}

function toRate({ name, percent, jurisdiction, behavior, exemption }: TaxRateBody): TaxRate {
  return {
    name,
    percent,
    jurisdiction,
    behavior: behavior ?? 'exclusive',
    exemption: exemption ? { kind: exemption.kind, reason: exemption.reason } : null,
  };
}
