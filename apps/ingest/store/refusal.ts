// From a decision's faults to the problem that the caller gets.
import { Problem } from '#libs/http/problem.js';
import type { Decided, Fault } from '../domain/fault.js';

/** The decided value, or Problem 422 `unprocessable` with every fault. */
export function accepted<T>(decision: Decided<T>): T {
  if ('decided' in decision) return decision.decided;
  throw unprocessable(decision.faults);
}

/** 422 whose detail is the first fault's and whose errors are all of them. */
export function unprocessable(faults: readonly Fault[], code = 'unprocessable'): Problem {
  const [first] = faults;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const detail = first ? `${first.pointer || 'body'}: ${first.detail}${more}` : 'refused';
  return new Problem(422, code, detail, { errors: faults });
}
