import 'reflect-metadata';
import type { ArgumentMetadata } from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsNumber, IsOptional, IsString, ValidateNested } from 'class-validator';
import { IsListOf } from './fields.js';
import { PageQuery } from './page.js';
import { Problem } from './problem.js';
import { ContractValidationPipe } from './validation-pipe.js';

class Part {
  @IsInt()
  amount!: number;
}

class Whole {
  @IsInt()
  size!: number;

  @IsOptional()
  @IsString()
  name?: string | null;

  @IsOptional()
  @ValidateNested({ each: true })
  @Type(() => Part)
  parts?: Part[];

  @IsOptional()
  @ValidateNested()
  @Type(() => Part)
  'a/b'?: Part;
}

class Asked extends PageQuery {
  @IsOptional()
  @IsListOf(['model', 'project'])
  group_by?: string[];

  @IsOptional()
  @IsListOf()
  ids?: string[];

  @IsOptional()
  @IsBoolean()
  dry_run?: boolean;

  @IsOptional()
  @IsNumber()
  ratio?: number;
}

const pipe = new ContractValidationPipe();
const read = (type: ArgumentMetadata['type'], metatype: unknown, value: unknown): unknown =>
  pipe.transform(value, { type, metatype } as ArgumentMetadata);
const faults = (...args: Parameters<typeof read>): string[] => {
  try {
    read(...args);
    return [];
  } catch (error) {
    return (error as Problem).errors.map(({ pointer, code }) => `${pointer} ${code}`);
  }
};

describe('a body', () => {
  it.each([
    // body                                            faults
    [{ size: 1 }, []],
    [{ size: 1, name: null, parts: [] }, []],
    [{ size: 1, parts: [{ amount: 2 }], 'a/b': { amount: 1 } }, []],
    [undefined, ['/size missing_field']],
    [null, ['/size missing_field']],
    [{ size: '1' }, ['/size invalid_value']],
    [{ size: [1] }, ['/size invalid_value']],
    [{ size: { valueOf: 1 } }, ['/size invalid_value']],
    [{ size: 1.5, name: 1 }, ['/size invalid_value', '/name invalid_value']],
    [{ size: 1, price: 0 }, ['/price unknown_field']],
    [{ size: 1, tenantId: 'x', state: 1 }, ['/tenantId unknown_field', '/state unknown_field']],
    [
      { size: 1, parts: [{ amount: 1 }, { amount: 'x', b: 1 }] },
      ['/parts/1/b unknown_field', '/parts/1/amount invalid_value'],
    ],
    [{ size: 1, parts: 'x' }, ['/parts invalid_value']],
    [{ size: 1, parts: [1] }, ['/parts/0 invalid_value']],
    [{ size: 1, 'a/b': {} }, ['/a~1b/amount missing_field']],
    [[], [' invalid_value']],
    ['text', [' invalid_value']],
    [7, [' invalid_value']],
  ])('%j has the faults %j', (body, expected) => {
    expect(new Set(faults('body', Whole, body))).toEqual(new Set(expected));
  });

  it.each([
    // body                    what the first fault says
    [{}, 'is missing: it must be an integer number'],
    [{ size: 'x' }, 'must be an integer number'],
    [{ size: 1, price: 0 }, 'is not a field of this body'],
    [[], 'the body must be a JSON object'],
  ])('%j is refused with “%s”', (body, detail) => {
    expect(() => read('body', Whole, body)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ detail })] }),
    );
  });

  it('that is no object is refused without a pointer in the text', () => {
    expect(() => read('body', Whole, 'text')).toThrow(/^the body must be/);
  });

  it('that has no class is the handler’s own', () => {
    const bytes = Buffer.from('x');
    expect(read('body', Buffer, bytes)).toBe(bytes);
    expect(read('body', Object, { any: 1 })).toEqual({ any: 1 });
    expect(read('custom', Whole, 'x')).toBe('x');
  });
});

describe('a query', () => {
  it.each([
    // query                                         read
    [{}, { limit: 100 }],
    [{ limit: '7' }, { limit: 7 }],
    [
      { dry_run: 'false', ratio: '0.25' },
      { limit: 100, dry_run: false, ratio: 0.25 },
    ],
    [{ group_by: 'model,project' }, { limit: 100, group_by: ['model', 'project'] }],
    [{ group_by: ['model', 'model'] }, { limit: 100, group_by: ['model'] }],
    [{ 'group_by[]': ['project', 'model'] }, { limit: 100, group_by: ['project', 'model'] }],
    [
      { group_by: 'model', 'group_by[]': 'project' },
      { limit: 100, group_by: ['model', 'project'] },
    ],
    [{ ids: 'a,7' }, { limit: 100, ids: ['a', '7'] }],
  ])('%j is read as %j', (query, expected) => {
    expect(JSON.parse(JSON.stringify(read('query', Asked, query)))).toEqual(expected);
  });

  it.each([
    // query                                fault
    [{ limit: '0' }, '?limit invalid_value'],
    [{ limit: '501' }, '?limit invalid_value'],
    [{ limit: '1e2' }, '?limit invalid_value'],
    [{ limit: '0x10' }, '?limit invalid_value'],
    [{ limit: ' 7' }, '?limit invalid_value'],
    [{ limit: '' }, '?limit invalid_value'],
    [{ limit: '7.0' }, ''],
    [{ limit: '99999999999999999999' }, '?limit invalid_value'],
    [{ dry_run: '1' }, '?dry_run invalid_value'],
    [{ group_by: 'model,' }, '?group_by invalid_value'],
    [{ group_by: 'colour' }, '?group_by invalid_value'],
    [{ ids: Array.from({ length: 101 }, (_, at) => String(at)).join() }, '?ids invalid_value'],
    [{ ids: 'a'.repeat(257) }, '?ids invalid_value'],
  ])('%.60j is refused at %s', (query, fault) => {
    expect(faults('query', Asked, query).join()).toBe(fault);
  });
});
