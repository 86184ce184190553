// How the genai-prices catalogue tells which of its models a name is: https://github.com/pydantic/genai-prices/blob/main/prices/data.schema.json

/** One rule, or a combination of rules. */
export type MatchRule =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly MatchRule[] }
  | { readonly and: readonly MatchRule[] };

/** Whether a model's name fits a rule; names are compared in lower case, as that library does. */
export function fits(rule: MatchRule, name: string): boolean {
  const text = name.toLowerCase();
  if ('equals' in rule) return text === rule.equals.toLowerCase();
  if ('starts_with' in rule) return text.startsWith(rule.starts_with.toLowerCase());
  if ('ends_with' in rule) return text.endsWith(rule.ends_with.toLowerCase());
  if ('contains' in rule) return text.includes(rule.contains.toLowerCase());
  if ('regex' in rule) return new RegExp(rule.regex, 'i').test(text);
  if ('or' in rule) return rule.or.some((one) => fits(one, name));
  return rule.and.every((one) => fits(one, name));
}
