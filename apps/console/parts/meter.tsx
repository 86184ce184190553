// How much of a limit is used: a thin bar. Amber from 80 %, red only when nothing is left.

/** Thousandths of the limit that are used, 0 to 1000; a limit of 0 is full as soon as it is used. */
export function thousandths(used: bigint, limit: bigint): number {
  if (limit <= 0n) return used > 0n ? 1_000 : 0;
  const share = (used * 1_000n) / limit;
  return Number(share > 1_000n ? 1_000n : share < 0n ? 0n : share);
}

export function levelOf(share: number): 'calm' | 'near' | 'full' {
  if (share >= 1_000) return 'full';
  return share >= 800 ? 'near' : 'calm';
}

interface MeterProps {
  readonly used: bigint;
  readonly limit: bigint;
  readonly label: string;
  readonly valueText: string;
  readonly tall?: boolean;
}

export function Meter({ used, limit, label, valueText, tall = false }: MeterProps) {
  const share = thousandths(used, limit);
  return (
    <div
      className={`meter ${levelOf(share)}${tall ? ' tall' : ''}`}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share / 10)}
      aria-valuetext={valueText}
    >
      <span style={{ inlineSize: `${share / 10}%` }} />
    </div>
  );
}
