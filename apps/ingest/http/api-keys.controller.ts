import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { AccountStore } from '#libs/accounts/account.store.js';
import { newApiKey } from '#libs/http/api-key.js';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { decodeCursor, PageQuery, pageOf } from '#libs/http/page.js';
import { Problem } from '#libs/http/problem.js';
import { formatInstant } from '#libs/time/instant.js';
import { decideKey } from '../domain/decide-key.js';
import { AccountCommands } from '../store/account-commands.js';
import { FactPositions } from '../store/fact-positions.js';
import { ApiKeyBody } from './api-keys.dto.js';
import { instantOrNull } from './instants.js';
import { toKey } from './organizations-view.js';
import { RequestKey } from './request-key.js';

/** Creates and revokes keys of an organization (null: of none). */
export class ApiKeyDesk {
  constructor(
    private readonly commands: AccountCommands,
    private readonly positions: FactPositions,
  ) {}

  /** The only answer that ever holds the secret. */
  async create(organization: string | null, body: ApiKeyBody, request: string | null) {
    const { id, key, hash } = newApiKey();
    const { name, scopes } = body;
    const expiresAt = instantOrNull(body.expires_at, '/expires_at');
    const asked = { organization, keyId: id, hash, name, scopes, expiresAt };
    const made = await this.commands.createKey(organization, request, (now) =>
      decideKey(now, asked),
    );
    const position = await this.positions.of(made);
    const expires_at = expiresAt === null ? null : formatInstant(expiresAt);
    return { id, key, name, scopes, organization, expires_at, position };
  }

  /** Tells in a header where the revocation is in the log. */
  async revoke(organization: string | null, keyId: string, reply: FastifyReply): Promise<void> {
    const made = await this.commands.revokeKey(organization, keyId);
    if (!made) return;
    const { topic, partition, offset } = await this.positions.of(made);
    reply.header('meterbook-at-least', `${topic}:${partition}:${offset}`);
  }
}

@Controller('v1/organizations/:id/api-keys')
@RequireScope('admin')
export class OrganizationKeysController {
  constructor(private readonly desk: ApiKeyDesk) {}

  /** A key that is bound to the organization; the answer is the only place where the secret ever is. */
  @Post()
  @Idempotent()
  async create(
    @Param('id') id: string,
    @Body() body: ApiKeyBody,
    @RequestKey() request: string | null,
    @CurrentCaller() caller: Caller,
  ) {
    assertMayRead(caller, id);
    return this.desk.create(id, body, request);
  }

  /** Revokes at once; again, it is 204 too. */
  @Delete(':key_id')
  @HttpCode(204)
  async revoke(
    @Param('id') id: string,
    @Param('key_id') keyId: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    assertMayRead(caller, id);
    await this.desk.revoke(id, keyId, reply);
  }
}

/** Keys of operators, gateways and nodes: bound to no organization. Only a caller that is bound to none may touch them. */
@Controller('v1/api-keys')
@RequireScope('admin')
export class UnboundKeysController {
  constructor(
    private readonly desk: ApiKeyDesk,
    private readonly accounts: AccountStore,
  ) {}

  @Post()
  @Idempotent()
  async create(
    @Body() body: ApiKeyBody,
    @RequestKey() request: string | null,
    @CurrentCaller() caller: Caller,
  ) {
    assertUnbound(caller);
    return this.desk.create(null, body, request);
  }

  /** Keys without their secrets, in order of id. */
  @Get()
  async list(@Query() { cursor, limit }: PageQuery, @CurrentCaller() caller: Caller) {
    assertUnbound(caller);
    const after = cursor === undefined ? undefined : decodeCursor<string>(cursor, isText);
    const found = await this.accounts.unboundKeys(after, limit + 1);
    return pageOf(found.map(toKey), limit, ({ id }) => id);
  }

  @Delete(':key_id')
  @HttpCode(204)
  async revoke(
    @Param('key_id') keyId: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    assertUnbound(caller);
    await this.desk.revoke(null, keyId, reply);
  }
}

/** 403 for what concerns every organization. */
export function assertUnbound(caller: Caller): void {
  if (caller.organization === null) return;
  throw new Problem(403, 'forbidden', 'A key that is bound to one organization may not do this.');
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
