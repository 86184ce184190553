// One organization's page in a unit of work: what was loaded of its standing, and which rows differ from it in the end.
import { monthOf } from '#libs/time/month.js';
import { type Standing, WHOLE } from '../domain/standing.js';
import { type AdmissionRow, type BucketRow, bucketsText } from './admission-rows.js';

export interface ModelName {
  readonly organization: string;
  readonly project: string;
  readonly model: string;
}

/** A standing as loaded, and what is written beside it. */
export interface Page {
  readonly standing: Standing;
  readonly mark: string;
  readonly loaded: Map<string, AdmissionRow>;
  readonly loadedBuckets: Map<string, string>;
  readonly seeded: Set<string>;
  /** The month rated anew, when that was needed. */
  rated?: Map<string, bigint>;
  nextExpiry: number | null;
  readonly blocked: Map<string, string | null>;
}

/** Rows of the money of a page that differ from what was loaded. */
export function admissionRows(organization: string, page: Page, now: number): AdmissionRow[] {
  const month = monthOf(now).from.toString();
  return [...page.standing.spend].flatMap(([project, spend]) => {
    const before = page.loaded.get(project);
    const row: AdmissionRow = {
      organization,
      project,
      month,
      spent: spend.spentFemto.toString(),
      mark: page.mark,
      held: spend.heldFemto.toString(),
      unconfirmed: spend.unconfirmedFemto.toString(),
      credit: page.standing.creditFemto?.toString() ?? null,
      next_expiry: project === WHOLE ? (page.nextExpiry?.toString() ?? null) : null,
      blocked: page.blocked.get(project) ?? null,
    };
    const isSame =
      before !== undefined &&
      Object.entries(row).every(([name, value]) => before[name as keyof AdmissionRow] === value);
    return isSame ? [] : [row];
  });
}

/** Rows of the buckets of a page that differ from what was loaded. */
export function bucketRows(organization: string, page: Page, generation: string): BucketRow[] {
  return [...page.standing.models].flatMap(([key, model]) => {
    const buckets = bucketsText(model);
    const text = JSON.stringify([buckets, model.excessUntil]);
    const loaded = page.loadedBuckets.get(key);
    const isNew = !loaded && model.buckets.size === 0 && model.excessUntil === 0;
    if (text === loaded || isNew) return [];
    const [project = '', name = ''] = key.split('\0');
    return [
      {
        organization,
        project,
        model: name,
        buckets,
        excess_until: model.excessUntil.toString(),
        generation,
      },
    ];
  });
}

/** Rows by organization and project. */
export function byScope(admissions: readonly AdmissionRow[]): ReadonlyMap<string, AdmissionRow> {
  return new Map(admissions.map((row) => [`${row.organization}\0${row.project}`, row]));
}

/** Whether the kept spend is of this month, these terms and this life of the fold. */
export function isFresh(row: AdmissionRow, mark: string, now: number): boolean {
  return row.mark === mark && row.month === monthOf(now).from.toString();
}

/** The scopes that a request counts in, as names of models. */
export function namesOf(request: {
  readonly organization: string;
  readonly project: string | null;
  readonly model: string;
}): ModelName[] {
  const { organization, project, model } = request;
  const whole = { organization, project: WHOLE, model };
  return project === null ? [whole] : [whole, { organization, project, model }];
}

/** Each name once. */
export function uniqueNames(names: readonly ModelName[]): ModelName[] {
  return [...new Map(names.map((name) => [bookName(name), name])).values()];
}

/** An organization (project '') or a project of it. */
export type Scope = readonly [organization: string, project: string];

/** The scopes of the names, each once, and their organizations. */
export function uniqueScopes(names: readonly ModelName[]): Scope[] {
  const scopes = names.flatMap(({ organization, project }): Scope[] => [
    [organization, WHOLE],
    [organization, project],
  ]);
  return [...new Map(scopes.map((scope) => [scope.join('\0'), scope])).values()];
}

/** One text for a name. */
export function bookName({ organization, project, model }: ModelName): string {
  return `${organization}\0${project}\0${model}`;
}
