// Messages with `{name}` in them, and with plural forms by CLDR category where a count decides the words.

export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};
export type Message = string | Plural;

/** The text of a message: for a plural the form of `count` in the language. */
export function pick(message: Message, language: string, count: bigint | undefined): string {
  if (typeof message === 'string') return message;
  const rules = new Intl.PluralRules(language);
  // Above a thousand the category repeats by the last digits, and bigint is not a number that PluralRules takes.
  const near = count === undefined ? 0 : Number(count < 1_000n ? count : 1_000n + (count % 1_000n));
  return message[rules.select(near)] ?? message.other;
}

/** `"{used} of {limit}"` → the texts between and the names: ["", used, " of ", limit, ""]; odd places are names. */
export function parts(text: string): string[] {
  return text.split(/\{(\w+)\}/);
}

/** The message with its values put in. A name without a value stays visible as `{name}`: a missing word is never silent. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return parts(text)
    .map((part, index) => (index % 2 === 0 ? part : (values[part] ?? `{${part}}`)))
    .join('');
}
