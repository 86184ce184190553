// What is typed into the profile's form, as the API takes it (http-contract.md, ingest), or which fields it would refuse.

export interface TypedProfile {
  readonly name: string;
  readonly profile: 'groq' | 'openai';
  readonly legal_name: string;
  readonly email: string;
  readonly address: string;
  /** With commas between. */
  readonly tax_ids: string;
}

export type WrongField = 'name' | 'legal_name' | 'email' | 'address' | 'tax_ids';

export interface ProfileBody {
  readonly name: string;
  readonly profile: 'groq' | 'openai';
  readonly legal_name: string | null;
  readonly email: string | null;
  readonly address: string | null;
  readonly tax_ids: readonly string[];
}

/** The body, or undefined with the fields that are wrong; an empty field is one that is not given. */
export function profileOf(typed: TypedProfile): {
  readonly body: ProfileBody | undefined;
  readonly wrong: ReadonlySet<WrongField>;
} {
  const taxIds = typed.tax_ids
    .split(/[,،\n]/)
    .map((id) => id.trim())
    .filter((id) => id !== '');
  const [name, legalName, email, address] = [
    typed.name.trim(),
    typed.legal_name.trim(),
    typed.email.trim(),
    typed.address.trim(),
  ];
  const checks: readonly (readonly [WrongField, boolean])[] = [
    ['name', name.length >= 1 && name.length <= 200],
    ['legal_name', legalName.length <= 300],
    ['email', email === '' || (email.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))],
    ['address', address.length <= 1_000],
    ['tax_ids', taxIds.length <= 20 && taxIds.every((id) => id.length <= 64)],
  ];
  const wrong = new Set(checks.flatMap(([field, isRight]) => (isRight ? [] : [field])));
  const body = {
    name,
    profile: typed.profile,
    legal_name: given(legalName),
    email: given(email),
    address: given(address),
    tax_ids: taxIds,
  };
  return { body: wrong.size === 0 ? body : undefined, wrong };
}

function given(text: string): string | null {
  return text === '' ? null : text;
}
