// Which limits a page shows: of the models in use, and in a steady order.

export interface ModelLimits<L extends LimitUse = LimitUse> {
  readonly model: string;
  readonly limits: readonly L[];
}

export interface LimitUse {
  readonly name: string;
  readonly limit: bigint | null;
  readonly used: bigint | null;
}

const ORDER = [
  'requests_per_minute',
  'tokens_per_minute',
  'requests_per_day',
  'tokens_per_day',
  'audio_seconds_per_hour',
  'audio_seconds_per_day',
];

/** The models that something is used of now, or that were used lately (`recent`), as the API orders them. */
export function modelsInUse<M extends ModelLimits>(
  models: readonly M[],
  recent: readonly string[],
): M[] {
  return models.filter(
    ({ model, limits }) =>
      recent.includes(model) || limits.some(({ used }) => used !== null && used > 0n),
  );
}

/** The kinds of limit that any of the models has, minute before day, requests before tokens; a kind that all of them lack is left out. */
export function limitNames(models: readonly ModelLimits[]): string[] {
  const present = new Set(
    models.flatMap(({ limits }) =>
      limits.filter(({ limit }) => limit !== null).map(({ name }) => name),
    ),
  );
  const known = ORDER.filter((name) => present.has(name));
  return [...known, ...[...present].filter((name) => !ORDER.includes(name))];
}
