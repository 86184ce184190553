// A standing as it will be once the usage that waits for it is taken in: for those who only look.
import type { EntityManager } from 'typeorm';
import { rows } from '#libs/database/database.js';
import { AdmissionBook } from './admission-book.js';
import { Unit } from './admission-units.js';
import type { ModelName } from './model-names.js';
import type { PageLoader } from './page-loader.js';
import { namesOn, type Page } from './page.js';
import { takeInWaiting } from './up-to-date.js';

/** undefined: nothing waits, the rows say it. `view` sees one state. */
export async function standingNow(
  view: EntityManager,
  loader: PageLoader,
  organization: string,
  now: number,
): Promise<Page | undefined> {
  const names = await rows<ModelName>(view, NAMES, [organization]);
  if (names.length === 0) return undefined;
  const pages = await loader.load(view, names, now);
  const rateAnew = async (wanted: readonly string[]): Promise<void> => {
    const all = [...pages.values()].flatMap(namesOn);
    for (const [name, page] of await loader.load(view, all, now, new Set(wanted)))
      pages.set(name, page);
  };
  await takeInWaiting(new Unit(view, new AdmissionBook(pages, now), { open: loaded, rateAnew }));
  return pages.get(organization);
}

// All that there is was loaded.
const loaded = async (): Promise<void> => Promise.resolve();

const NAMES = `SELECT organization, project, '' AS model FROM admission
    WHERE organization = $1 AND EXISTS (SELECT FROM usage_inbox WHERE organization = $1)
      AND EXISTS (SELECT FROM admission WHERE organization = $1 AND project = '' AND mark <> '')
  UNION ALL SELECT organization, project, model FROM admission_bucket
    WHERE organization = $1 AND EXISTS (SELECT FROM usage_inbox WHERE organization = $1)
      AND EXISTS (SELECT FROM admission WHERE organization = $1 AND project = '' AND mark <> '')`;
