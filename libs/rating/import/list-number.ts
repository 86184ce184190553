import { EntryFault } from './imported-model.js';

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * A price as a list writes it, a JSON number or a decimal string, in femto per unit: 2.5e-06 per token is 2500000000n. `units` is how
 * many of ours one of the list's is: 1000 for seconds counted in milliseconds, 1000000 for a price per million. Reads the
 * number's shortest decimal form, which is what the list says; EntryFault when it is none, negative, or finer than a femto.
 */
export function femtoOf(value: unknown, units = 1n): bigint {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
  const match = NUMBER.exec(text.trim());
  if (!match) throw new EntryFault(`${JSON.stringify(value)} is not a number`);
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = BigInt(whole + fraction);
  if (sign && digits !== 0n) throw new EntryFault(`${text} is below zero`);
  const power = 15 - fraction.length + Number(exponent);
  if (power > 40) throw new EntryFault(`${text} is too large for a price`);
  const scaled = digits * 10n ** BigInt(Math.max(0, power));
  const divisor = units * 10n ** BigInt(Math.max(0, -power));
  if (scaled % divisor !== 0n)
    throw new EntryFault(`${text} is finer than 10^-15 of a currency unit and would not be exact`);
  return scaled / divisor;
}
