import { QueryFailedError } from 'typeorm';
import { isDatabaseAway } from './database-away.js';

const failed = (code: string): Error =>
  new QueryFailedError('SELECT 1', [], Object.assign(new Error('x'), { code }));
const socket = (code: string): Error => Object.assign(new Error('x'), { code, syscall: 'connect' });

describe('a database error', () => {
  it.each<[unknown, boolean, string]>([
    // error                                                             is away   case
    [failed('57P01'), true, 'terminated by an administrator'],
    [failed('08006'), true, 'connection lost'],
    [failed('53300'), true, 'too many connections'],
    [failed('55P03'), true, 'lock time-out'],
    [failed('57014'), true, 'statement time-out'],
    [failed('40P01'), true, 'deadlock'],
    [failed('23505'), false, 'a broken constraint is a mistake of ours'],
    [failed('42P01'), false, 'a missing table too'],
    [failed('22P02'), false, 'an unreadable value too'],
    [socket('ECONNREFUSED'), true, 'no server'],
    [Object.assign(new Error('x'), { code: 'ENOENT' }), false, 'no file'],
    [new Error('timeout exceeded when trying to connect'), true, 'no free connection'],
    [new Error('Connection terminated unexpectedly'), true, 'cut'],
    [new Error('x'), false, 'anything else'],
    ['Connection terminated', false, 'not an error'],
  ])('%s: %s (%s)', (error, isAway, _case) => {
    expect(isDatabaseAway(error)).toBe(isAway);
  });
});
