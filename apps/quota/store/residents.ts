// Pages that stay in memory between units of work. Bounded by count, so that a million organizations do not live here.
import type { Page } from './page.js';

export class Residents {
  readonly #pages = new Map<string, Page>();

  constructor(private readonly size = 20_000) {}

  /** The page, which counts as used now. */
  get(organization: string): Page | undefined {
    const page = this.#pages.get(organization);
    if (!page) return undefined;
    this.#pages.delete(organization);
    this.#pages.set(organization, page);
    return page;
  }

  keep(page: Page): void {
    const { organization } = page.standing;
    this.#pages.delete(organization);
    this.#pages.set(organization, page);
    if (this.#pages.size <= this.size) return;
    const [oldest] = this.#pages.keys();
    if (oldest !== undefined) this.#pages.delete(oldest);
  }

  drop(organization: string): void {
    this.#pages.delete(organization);
  }
}
