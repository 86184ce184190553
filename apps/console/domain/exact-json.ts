// JSON without floats: JSON.parse would round a count above 2^53 and turn 0.1 into a binary fraction before anyone could look.

/** What `parseExact` gives: integers are bigint, other numbers stay the decimal text that was sent. */
export type Exact = null | boolean | string | bigint | Exact[] | { [name: string]: Exact };

// Marks the text of a number between the two passes. A string that begins with it gets a second one.
const MARK = '\uE000';
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON: `{"n": 9007199254740993, "x": 0.10}` → `{n: 9007199254740993n, x: "0.10"}`. Throws SyntaxError as JSON.parse does. */
export function parseExact(text: string): Exact {
  const marked = text.replace(TOKEN, (token) => {
    if (!token.startsWith('"')) return `"${MARK}${token}"`;
    const collides = token.startsWith(`"${MARK}`) || token.startsWith('"\\u');
    return collides ? `"${MARK}${MARK}${token.slice(1)}` : token;
  });
  return JSON.parse(marked, revive) as Exact;
}

function revive(_name: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith(MARK)) return value;
  if (value.startsWith(MARK + MARK)) return value.slice(2);
  const number = value.slice(1);
  return /^-?\d+$/.test(number) ? BigInt(number) : number;
}
