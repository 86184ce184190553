// Configuration comes from the environment, is read once at start, and a fault names the variable and the rule.

export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Reads typed variables from an environment; every reader throws ConfigurationError naming the variable. */
export class Environment {
  constructor(private readonly variables: Readonly<Record<string, string | undefined>>) {}

  text(name: string, fallback?: string): string {
    const value = this.variables[name] || fallback;
    if (value === undefined) throw new ConfigurationError(`${name} must be set`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.variables[name] || undefined;
  }

  /** A whole number in [min, max]. */
  integer(name: string, fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER): number {
    const text = this.variables[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || value < min || value > max)
      throw new ConfigurationError(
        `${name} must be a whole number from ${min} to ${max}, not "${text}"`,
      );
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(name, fallback);
    const found = allowed.find((option) => option === value);
    if (!found)
      throw new ConfigurationError(`${name} must be one of ${allowed.join(', ')}, not "${value}"`);
    return found;
  }

  /** Like `url`, but undefined where the variable is not set. */
  optionalUrl(name: string, protocols: readonly string[]): string | undefined {
    return this.optional(name) === undefined ? undefined : this.url(name, protocols);
  }

  /** A URL of one of the given protocols (`postgres:`). */
  url(name: string, protocols: readonly string[]): string {
    const text = this.text(name);
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
      throw new ConfigurationError(
        `${name} must be a URL that starts with ${protocols.join(' or ')}`,
      );
    return text;
  }
}
