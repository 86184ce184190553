// Names of what a standing is loaded by: an organization, a project of it (WHOLE for none), and a model.
import { WHOLE } from '../domain/standing.js';

/** With model '' it names the money alone. */
export interface ModelName {
  readonly organization: string;
  readonly project: string;
  readonly model: string;
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

/** The names by their organization. */
export function byOrganization(names: readonly ModelName[]): Map<string, ModelName[]> {
  return Map.groupBy(names, ({ organization }) => organization);
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

/** The key of a scope's buckets of a model in a standing. */
export function bucketKey({ project, model }: Pick<ModelName, 'project' | 'model'>): string {
  return `${project}\0${model}`;
}
