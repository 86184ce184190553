// What operators have let go of a partition, as questions: is this missing with leave?

/** Inclusive; `to` = from − 1 accepts a difference at `from` and skips nothing. */
export interface Loss {
  readonly from: number;
  readonly to: number;
  /** Epoch ms of the acceptance. */
  readonly at: number;
}

export class Losses {
  constructor(private readonly accepted: readonly Loss[]) {}

  /** A difference was accepted at or below the position, not before `since`: an older leave is not for what came later. */
  letGo(position: number, since: number): boolean {
    return this.accepted.some(
      ({ from, to, at }) => to === from - 1 && from <= position && at >= since,
    );
  }

  /**
   * Whether raw offsets [from, to) may be missing at a position: each was in an accepted gap, or a difference was accepted between
   * their end and the position. 3..5 and 6..9 cover [3, 10).
   */
  cover(missing: { readonly from: number; readonly to: number }, position: number): boolean {
    const differs = this.accepted.some(
      ({ from, to }) => to === from - 1 && from >= missing.to && from <= position,
    );
    if (differs) return true;
    let next = missing.from;
    for (const { from, to } of this.accepted.toSorted((left, right) => left.from - right.from))
      if (from <= next && to >= next) next = to + 1;
    return next >= missing.to;
  }
}
