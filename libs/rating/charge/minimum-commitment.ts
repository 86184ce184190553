/**
 * What is owed beside the spend so that a minimum is reached: 100 committed and 70 spent is 30; nothing when it was reached. The
 * spend is after discounts and without fees. A refund (a spend below 0) does not raise the minimum: it counts as nothing spent.
 */
export function trueUpFemto(commitment: {
  readonly minimumFemto: bigint;
  readonly spentFemto: bigint;
}): bigint {
  const { minimumFemto, spentFemto } = commitment;
  const spent = spentFemto < 0n ? 0n : spentFemto;
  return spent >= minimumFemto ? 0n : minimumFemto - spent;
}
