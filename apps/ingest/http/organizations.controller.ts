import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { AccountStore } from '#libs/accounts/account.store.js';
import type { OrganizationProfile } from '#libs/events/account-facts.js';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { ORGANIZATION_ID } from '#libs/http/fields.js';
import { Problem } from '#libs/http/problem.js';
import { decodeCursor, PageQuery, pageOf } from '#libs/http/page.js';
import type { Clock } from '#libs/time/instant.js';
import { decideOrganization } from '../domain/decide-organization.js';
import { AccountCommands, unknownOrganization } from '../store/account-commands.js';
import { FactPositions } from '../store/fact-positions.js';
import { OrganizationBody } from './organizations.dto.js';
import { toOrganization } from './organizations-view.js';

/** What is known about organizations now, as the door shows it. */
export class OrganizationViews {
  constructor(
    private readonly accounts: AccountStore,
    private readonly clock: Clock,
  ) {}

  /** 404 `unknown_organization` when it was never registered. */
  async find(id: string) {
    const account = await this.accounts.find(id);
    if (!account) throw unknownOrganization(id);
    return toOrganization(account, this.clock());
  }

  /** Organizations after an id, in order of id; of one organization's caller only that one. */
  async list(caller: Caller, after: string | undefined, limit: number) {
    const now = this.clock();
    if (caller.organization === null)
      return (await this.accounts.list(after, limit)).map((each) => toOrganization(each, now));
    const own = await this.accounts.find(caller.organization);
    return own && (after ?? '') < own.id ? [toOrganization(own, now)] : [];
  }
}

@Controller('v1/organizations')
export class OrganizationsController {
  constructor(
    private readonly commands: AccountCommands,
    private readonly views: OrganizationViews,
    private readonly positions: FactPositions,
  ) {}

  /** Registers (201) or changes the profile (200); the same body again changes nothing. */
  @Put(':id')
  @RequireScope('admin')
  async put(
    @Param('id') id: string,
    @Body() body: OrganizationBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    assertMayRead(caller, id);
    assertOrganizationId(id);
    const profile = toProfile(body);
    const outcome = await this.commands.decide(id, null, (ground, account) =>
      decideOrganization(ground, account, { id, profile }),
    );
    const position = await this.positions.of(outcome);
    reply.status(outcome.fact?.type === 'OrganizationRegistered' ? 201 : 200);
    return { ...(await this.views.find(id)), position };
  }

  /** The account: tier, limits, overrides, credits and keys, without secrets. */
  @Get(':id')
  @RequireScope('usage:read', 'billing:read')
  async get(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    assertMayRead(caller, id);
    return this.views.find(id);
  }

  /** All organizations in order of id; a key that is bound to one sees that one. */
  @Get()
  @RequireScope('usage:read', 'billing:read')
  async list(@Query() { cursor, limit }: PageQuery, @CurrentCaller() caller: Caller) {
    const after = cursor === undefined ? undefined : decodeCursor<string>(cursor, isText);
    return pageOf(await this.views.list(caller, after, limit + 1), limit, ({ id }) => id);
  }
}

function assertOrganizationId(id: string): void {
  if (ORGANIZATION_ID.test(id)) return;
  const detail = 'must be org_ and 1 to 60 of a-z, 0-9, "_" and "-"';
  throw new Problem(400, 'invalid_organization_id', `The id in the path ${detail}.`, {
    errors: [{ pointer: '/id', code: 'invalid_value', detail }],
  });
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function toProfile(body: OrganizationBody): OrganizationProfile {
  return {
    name: body.name,
    currency: body.currency,
    tier: body.tier,
    profile: body.profile,
    legalName: body.legal_name ?? null,
    email: body.email ?? null,
    address: body.address ?? null,
    taxIds: body.tax_ids ?? [],
    timezoneLabel: body.timezone_label ?? null,
  };
}
