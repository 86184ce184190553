import { Controller, Get } from '@nestjs/common';
import { AccountStore } from '#libs/accounts/account.store.js';
import { SCOPES } from '#libs/events/account-facts.js';
import { type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { formatInstant } from '#libs/time/instant.js';

@Controller('v1/api-keys/current')
@RequireScope(...SCOPES)
export class CurrentKeyController {
  constructor(private readonly accounts: AccountStore) {}

  /** The key that asks, whatever its scopes: what it is bound to and what it may do. The console signs in with it. */
  @Get()
  async show(@CurrentCaller() { keyId, organization, scopes }: Caller) {
    const stored = await this.accounts.findKey(keyId);
    // The first admin key comes from the environment and is in no table.
    const name = stored?.name ?? 'admin';
    const expiresAt = stored?.expiresAt ?? null;
    const expires_at = expiresAt === null ? null : formatInstant(expiresAt);
    return { id: keyId, organization, name, scopes, expires_at };
  }
}
