import { randomBytes } from 'node:crypto';
import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { assertMayRead, type Caller, CurrentCaller, RequireScope } from '#libs/http/auth.js';
import { Idempotent } from '#libs/http/idempotency.js';
import { decodeCursor, PageQuery, pageOf } from '#libs/http/page.js';
import { invalidField, notFound, Problem } from '#libs/http/problem.js';
import { type Clock, formatInstant } from '#libs/time/instant.js';
import { type Networks, urlFault } from '../domain/webhook-url.js';
import { type DeliveryRow, WebhookDeliveryStore } from '../store/webhook-delivery.store.js';
import { type WebhookEndpoint, WebhookStore } from '../store/webhook.store.js';
import { WebhookBody, WebhookQuery } from './webhooks.dto.js';

/** What the routes are told beside their stores. */
export abstract class WebhookSettings {
  abstract readonly allowedNetworks: Networks;
  abstract readonly clock: Clock;
}

/** Each costs a request per event. */
const MOST_ENDPOINTS = 20;

@Controller('v1/webhooks')
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookStore,
    private readonly deliveries: WebhookDeliveryStore,
    @Inject(WebhookSettings) private readonly settings: WebhookSettings,
  ) {}

  /** Adds an endpoint; the answer is the only place where its secret ever is. */
  @Post()
  @RequireScope('billing:write')
  @Idempotent()
  async create(@Body() body: WebhookBody, @CurrentCaller() caller: Caller) {
    const fault = urlFault(body.url, this.settings.allowedNetworks);
    if (fault !== undefined) throw invalidField('/url', fault);
    if (body.organization !== undefined) assertMayRead(caller, body.organization);
    const organization = body.organization ?? caller.organization;
    if ((await this.endpoints.countOf(organization)) >= MOST_ENDPOINTS)
      throw new Problem(409, 'too_many_webhooks', `There are ${MOST_ENDPOINTS} already.`);
    const id = `whk_${randomBytes(12).toString('hex')}`;
    const { url, events } = body;
    const endpoint = { id, organization, url, events, createdAt: this.settings.clock() };
    const secret = await this.endpoints.create(endpoint);
    return { ...viewOf({ ...endpoint, disabled: null }), secret };
  }

  @Get()
  @RequireScope('billing:read')
  async list(@Query() query: WebhookQuery, @CurrentCaller() caller: Caller) {
    if (query.organization !== undefined) assertMayRead(caller, query.organization);
    const { cursor, limit } = query;
    const after = cursor === undefined ? undefined : decodeCursor<string>(cursor, isEndpoint);
    const organization = query.organization ?? caller.organization;
    const found = await this.endpoints.list(organization, after, limit + 1);
    return pageOf(found.map(viewOf), limit, ({ id }) => id);
  }

  @Get(':id')
  @RequireScope('billing:read')
  async show(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    return viewOf(await this.own(id, caller));
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScope('billing:write')
  async remove(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    await this.own(id, caller);
    await this.endpoints.remove(id);
  }

  /** A new secret, shown once; for 24 h each delivery is signed with both. */
  @Post(':id/rotate')
  @RequireScope('billing:write')
  @Idempotent()
  async rotate(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    await this.own(id, caller);
    return { id, secret: await this.endpoints.rotate(id, this.settings.clock()) };
  }

  /** Switches an endpoint on again that answered 410 or failed for 75 h. */
  @Post(':id/enable')
  @HttpCode(200)
  @RequireScope('billing:write')
  async enable(@Param('id') id: string, @CurrentCaller() caller: Caller) {
    const endpoint = await this.own(id, caller);
    await this.endpoints.disable(id, null);
    return viewOf({ ...endpoint, disabled: null });
  }

  /** What was sent and is on its way, the newest first, with the endpoint's last answer. */
  @Get(':id/deliveries')
  @RequireScope('billing:read')
  async sent(
    @Param('id') id: string,
    @Query() { cursor, limit }: PageQuery,
    @CurrentCaller() caller: Caller,
  ) {
    await this.own(id, caller);
    const before = cursor === undefined ? undefined : decodeCursor<string>(cursor, isDelivery);
    const found = await this.deliveries.list(id, before, limit + 1);
    return pageOf(found.map(deliveryView), limit, (last) => last.id);
  }

  /** Sends one again now, under the same message id. */
  @Post(':id/deliveries/:delivery/retry')
  @HttpCode(202)
  @RequireScope('billing:write')
  async retry(
    @Param('id') id: string,
    @Param('delivery') delivery: string,
    @CurrentCaller() caller: Caller,
  ) {
    await this.own(id, caller);
    const isKnown = /^\d{1,18}$/.test(delivery);
    if (!isKnown || !(await this.deliveries.again(id, delivery, this.settings.clock())))
      throw notFound(
        'unknown_delivery',
        `${id} has no delivery ${delivery} that is not due already.`,
      );
    return { id: delivery, state: 'pending' };
  }

  private async own(id: string, caller: Caller): Promise<WebhookEndpoint> {
    const found = await this.endpoints.find(id);
    const isOwn = caller.organization === null || found?.organization === caller.organization;
    if (!found || !isOwn) throw notFound('unknown_webhook', `There is no webhook ${id}.`);
    return found;
  }
}

function viewOf({ createdAt, disabled, ...endpoint }: WebhookEndpoint) {
  return { ...endpoint, created_at: formatInstant(createdAt), disabled };
}

function deliveryView(row: DeliveryRow) {
  return {
    id: row.id,
    message_id: row.message_id,
    event_id: row.event_id,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    created_at: at(row.created_at),
    next_at: row.state === 'pending' ? at(row.next_at) : null,
    last: row.last_at && {
      at: at(row.last_at),
      status: row.last_status,
      fault: row.last_fault,
      answer: row.last_answer,
    },
  };
}

function at(text: string | null): string | null {
  return text === null ? null : formatInstant(Number(text));
}

function isEndpoint(value: unknown): boolean {
  return typeof value === 'string' && /^\w{1,60}$/.test(value);
}

function isDelivery(value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,18}$/.test(value);
}
