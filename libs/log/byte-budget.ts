/** How many bytes a process may hold that the log has not acknowledged: without a bound, a log that hangs fills the memory. */
export class ByteBudget {
  used = 0;

  constructor(readonly limit: number) {}

  /** False, and nothing taken, when it does not fit. */
  take(bytes: number): boolean {
    if (this.used + bytes > this.limit) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}
