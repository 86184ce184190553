import { decided } from './fault.js';

describe('decision', () => {
  it('is the value without faults and the faults otherwise', () => {
    const fault = { pointer: '/name', code: 'empty', detail: 'say something' };
    expect(decided(7, [undefined, undefined])).toEqual({ decided: 7 });
    expect(decided(7, [undefined, fault])).toEqual({ faults: [fault] });
  });
});
