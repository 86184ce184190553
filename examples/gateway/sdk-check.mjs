// Runs the scenarios of check.mjs with one SDK from npm: node sdk-check.mjs openai|groq BASE_URL KEY POOR_KEY. Prints a JSON line
// for each: what the SDK's user sees, and how long it took. Each begins when a line comes in. Copied next to the installed
// packages before it runs.
import { createInterface } from 'node:readline';

const [name, baseURL, apiKey, poorKey] = process.argv.slice(2);
const { default: Client } = await import(name === 'openai' ? 'openai' : 'groq-sdk');

const messages = [{ role: 'user', content: 'Say a word.' }];
const ask = { model: 'check-open', messages, max_tokens: 5 };
const scenarios = {
  plain: { ask },
  stream: { ask: { ...ask, stream: true } },
  minute: { ask: { ...ask, model: 'check-minute' } },
  day: { ask: { ...ask, model: 'check-day' } },
  large: { ask: { ...ask, model: 'check-large', max_tokens: 5_000 } },
  spend: { ask, key: poorKey },
};

const turns = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
for (const [scenario, { ask: asked, key = apiKey }] of Object.entries(scenarios)) {
  const defaultHeaders = { 'x-check': `${name}-js ${scenario}` };
  const client = new Client({ baseURL, apiKey: key, defaultHeaders });
  await turns.next();
  const startedAt = Date.now();
  const seen = await client.chat.completions.create(asked).then(textOf, (error) => ({
    status: error.status ?? null,
    code: error.code ?? error.error?.error?.code ?? null,
    error: error.constructor.name,
  }));
  process.stdout.write(`${JSON.stringify({ scenario, ...seen, ms: Date.now() - startedAt })}\n`);
}
process.exit(0);

async function textOf(answer) {
  if (answer.choices) return { status: 200, text: answer.choices[0].message.content };
  let text = '';
  for await (const chunk of answer) text += chunk.choices[0]?.delta.content ?? '';
  return { status: 200, text };
}
