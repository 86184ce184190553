// The hostile sender of the bench `abuse`, a process of its own: runs one attack from the first message until it is disconnected.
import { ATTACKS, type Target } from './abuse-attacks.js';

process.once('message', ({ name, target }: { name: string; target: Target }) => {
  const attack = ATTACKS[name]?.(target);
  if (!attack) throw new RangeError(`no attack is named ${name}`);
  process.send?.('begun');
  process.once('message', () => {
    process.send?.(attack.stop(), () => process.exit(0));
  });
});
process.on('disconnect', () => process.exit(1));
