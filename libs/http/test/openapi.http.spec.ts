import { Body, Controller, Get, Param, Post, Query, Req } from '@nestjs/common';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { DescribeAnswers, DescribeBody } from '../described.js';
import { AtLeastQuery } from '../at-least.js';
import { Public, RequireScope } from '../auth.js';
import {
  Describe,
  IsCount,
  IsInstantText,
  IsListOf,
  IsMoneyText,
  IsMonthText,
  IsOrganizationId,
} from '../fields.js';
import { Idempotent } from '../idempotency.js';
import { openApiFaults } from './openapi-check.js';
import { type SmallApp, startSmallApp } from './small-app.js';

class Line {
  @IsInt()
  @Min(1)
  @Max(99)
  line!: number;

  @IsMoneyText()
  amount!: string;
}

class OrderBody {
  @Describe('Who pays.')
  @IsOrganizationId()
  organization!: string;

  @IsCount()
  units!: number;

  @IsOptional()
  @IsIn(['card', 'wire'])
  by?: string;

  @IsOptional()
  @IsInstantText()
  due_at?: string;

  @ValidateNested({ each: true })
  @Type(() => Line)
  lines!: Line[];
}

class OrdersQuery extends AtLeastQuery {
  @Describe('A calendar month.')
  @IsMonthText()
  period!: string;

  @IsOptional()
  @IsListOf(['card', 'wire'])
  by?: string[];
}

class PlainQuery extends AtLeastQuery {}

class OrderPath {
  @Matches(/^ord_/)
  id!: string;

  @IsString()
  line!: string;
}

@Controller('v1/orders')
class OrderController {
  @Get()
  @RequireScope('billing:read', 'usage:read')
  list(@Query() query: OrdersQuery): unknown {
    return query;
  }

  @Post()
  @RequireScope('billing:write')
  @Idempotent()
  make(@Body() body: OrderBody): unknown {
    return body;
  }

  @Get(':id/lines/:line')
  @Public()
  line(
    @Param() path: OrderPath,
    @Query() query: PlainQuery,
    @Query('colour') colour?: string,
  ): unknown {
    return { path, query, colour };
  }
}

const PAGE = { title: 'Page', type: 'object', properties: { lines: { type: 'integer' } } };

@Controller('v1/pages')
class PageController {
  @Post()
  @Public()
  @DescribeBody({
    'application/x-page': PAGE,
    'application/x-pages': { type: 'array', items: PAGE },
  })
  @DescribeAnswers({ 200: { description: 'Known', schema: PAGE }, 204: { description: 'None' } })
  take(@Req() request: unknown): void {
    void request;
  }
}

type Operation = Record<string, unknown> & { parameters: Record<string, unknown>[] };

describe('the OpenAPI document', () => {
  let small: SmallApp;
  let document: {
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, unknown> };
  };

  beforeAll(async () => {
    small = await startSmallApp(OrderController, PageController);
    document = (await (await small.ask('/openapi.json', { key: null })).json()) as never;
  });
  afterAll(async () => small.app.close());

  it('leads nowhere astray', () => {
    expect(openApiFaults(document)).toEqual([]);
    const broken = structuredClone(document) as { components: object };
    broken.components = { schemas: {} };
    expect(openApiFaults(broken as never)).toContain('#/components/schemas/Problem leads nowhere');
  });

  it('tells the rules of a body, nested ones too, and that nothing else is taken', () => {
    const { OrderBody: order, Line: line } = document.components.schemas;
    expect(order).toMatchObject({
      type: 'object',
      required: ['organization', 'units', 'lines'],
      additionalProperties: false,
      properties: {
        organization: {
          type: 'string',
          pattern: '^org_[a-z0-9_-]{1,60}$',
          description: 'Who pays.',
        },
        units: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
        by: { anyOf: [{ enum: ['card', 'wire'] }, { type: 'null' }] },
        due_at: { anyOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
        lines: { type: 'array', items: { $ref: '#/components/schemas/Line' } },
      },
    });
    expect(line).toMatchObject({
      required: ['line', 'amount'],
      properties: { line: { minimum: 1, maximum: 99 }, amount: { type: 'string' } },
    });
  });

  it('tells the parameters of a query with their defaults', () => {
    const { parameters } = document.paths['/v1/orders']!['get']!;
    const [first, ...others] = parameters.toSorted((a, b) =>
      String(a['name']).localeCompare(String(b['name'])),
    );
    expect(first).toMatchObject({ name: 'at_least', in: 'query', required: false });
    expect(others).toMatchObject([
      { name: 'by', explode: false, schema: { items: { enum: ['card', 'wire'] } } },
      { name: 'period', required: true, description: 'A calendar month.' },
      { name: 'wait_ms', schema: { type: 'integer', default: 1_000, maximum: 30_000 } },
    ]);
  });

  it('tells a body that is read as bytes, by media type, and the shapes of answers', () => {
    const ref = { $ref: '#/components/schemas/Page' };
    expect(document.components.schemas['Page']).toEqual(PAGE);
    expect(document.paths['/v1/pages']!['post']).toMatchObject({
      requestBody: {
        required: true,
        content: {
          'application/x-page': { schema: ref },
          'application/x-pages': { schema: { type: 'array', items: ref } },
        },
      },
      responses: {
        200: { description: 'Known', content: { 'application/json': { schema: ref } } },
        204: { description: 'None' },
        default: { description: 'What was wrong' },
      },
    });
  });

  it('tells who may call, and how to repeat a call', () => {
    const { get, post } = document.paths['/v1/orders']!;
    expect(get).toMatchObject({
      security: [{ key: [] }],
      'x-required-scope': ['billing:read', 'usage:read'],
    });
    expect(post!.parameters).toMatchObject([{ name: 'idempotency-key', in: 'header' }]);
    expect(document.paths['/v1/orders/{id}/lines/{line}']!['get']).toMatchObject({
      security: [],
      parameters: [
        { name: 'id', in: 'path', required: true },
        { name: 'line', in: 'path', required: true },
        { name: 'at_least', schema: { type: 'string' } },
        { name: 'wait_ms', schema: { type: 'integer' } },
        { name: 'colour', in: 'query' },
      ],
    });
  });
});
