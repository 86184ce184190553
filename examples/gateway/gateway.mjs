// A gateway in front of an OpenAI-shaped inference server: reserve → stream → extend → event, and refusals forwarded as they are.
// One file to read, not a product: one process, keys from the environment, an estimate instead of a tokenizer.
//
//   QUOTA_URL, INGEST_URL, METERBOOK_KEY   where Meterbook is; the key has quota:reserve and usage:write
//   UPSTREAM_URL                           the inference server, e.g. http://127.0.0.1:8001
//   CUSTOMERS                              {"sk-acme": "org_acme"}: whose request it is, by the customer's key
//   PORT                                   8000
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Meterbook } from './meterbook.mjs';

const EXTEND_EVERY_MS = Number(process.env.EXTEND_EVERY_MS ?? 1_000);
const upstreamUrl = process.env.UPSTREAM_URL ?? 'http://127.0.0.1:8001';
const customers = JSON.parse(process.env.CUSTOMERS ?? '{}');
/** One JSON line per thing that happened. */
const say = (line) => process.stdout.write(`${JSON.stringify({ at: Date.now(), ...line })}\n`);
const meterbook = new Meterbook({
  quotaUrl: process.env.QUOTA_URL ?? 'http://127.0.0.1:4003',
  ingestUrl: process.env.INGEST_URL ?? 'http://127.0.0.1:4001',
  key: process.env.METERBOOK_KEY ?? '',
  source: '//example/gateway',
  say,
});

createServer((request, response) => {
  serve(request, response).catch((error) => {
    say({ trouble: 'serve', error: String(error) });
    if (!response.headersSent) refuse(response, 500, 'server_error', 'The gateway failed.');
    response.destroy();
  });
}).listen(Number(process.env.PORT ?? 8000), '127.0.0.1');

async function serve(request, response) {
  if (!/\/chat\/completions$/.test(request.url))
    return refuse(response, 404, 'not_found', 'Unknown route.');
  const organization = customers[(request.headers.authorization ?? '').replace(/^Bearer /, '')];
  if (!organization) return refuse(response, 401, 'invalid_api_key', 'Incorrect API key provided.');
  const asked = JSON.parse(await textOf(request));
  const held = await meterbook.reserve({
    // One name per attempt: an SDK's retry is another attempt and is decided afresh.
    request_id: randomUUID(),
    organization,
    model: asked.model,
    input_tokens: estimate(asked),
    ...(outputLimit(asked) !== undefined && { max_output_tokens: outputLimit(asked) }),
    ttl_seconds: 60,
    accept: request.headers.accept,
  });
  const attempt = Number(request.headers['x-stainless-retry-count'] ?? 0);
  // The limiter is away: closed here. Another gateway may choose to run without it and report the usage alone.
  if (!held)
    return refuse(response, 503, 'service_unavailable', 'The gateway cannot check limits now.');
  say({ request: request.headers['x-check'] ?? null, attempt, status: held.status ?? 200 });
  if (!held.admitted) return void response.writeHead(held.status, held.headers).end(held.body);
  await run({ asked, organization, held, request, response });
}

/** Runs an admitted request, and in every case settles what it holds: by its event when tokens were made, else by release. */
async function run({ asked, organization, held, request, response }) {
  const leaving = new AbortController();
  response.on('close', () => leaving.abort());
  let used = { usage: null };
  let status = 'completed';
  try {
    const answer = await fetch(`${upstreamUrl}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked.stream ? withUsage(asked) : asked),
      signal: leaving.signal,
    });
    if (!answer.ok) throw new Error(`the inference server answered ${answer.status}`);
    used = asked.stream
      ? await passStream(answer, { asked, held, response, used })
      : await passWhole(answer, { held, response });
  } catch (error) {
    status = leaving.signal.aborted ? 'aborted' : 'failed';
    used = error.used ?? used;
    if (!response.headersSent) refuse(response, 502, 'bad_gateway', 'The inference server failed.');
    response.destroy();
  }
  if (used.usage === null) {
    await meterbook.release(held.id);
    return say({ request: request.headers['x-check'] ?? null, released: held.id, outcome: status });
  }
  const event = {
    organization,
    model: asked.model,
    reservation: held.id,
    usage: used.usage,
    status,
  };
  const positions = await meterbook.report(event);
  say({
    request: request.headers['x-check'] ?? null,
    settled: held.id,
    outcome: status,
    usage: used.usage,
    positions,
  });
}

async function passWhole(answer, { held, response }) {
  const text = await answer.text();
  response.writeHead(200, { ...held.headers, 'content-type': 'application/json' }).end(text);
  return { usage: JSON.parse(text).usage };
}

/** Passes chunks on as they come. The running totals that we asked for are reported now and then, and kept from the customer. */
async function passStream(answer, { asked, held, response, used }) {
  response.writeHead(200, { ...held.headers, 'content-type': 'text/event-stream' });
  let [rest, extendedAt] = ['', Date.now()];
  try {
    for await (const bytes of answer.body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + bytes).split('\n\n');
      rest = events.pop();
      for (const event of events) {
        const chunk = event === 'data: [DONE]' ? null : JSON.parse(event.replace(/^data: /, ''));
        if (chunk?.usage) used = { usage: chunk.usage };
        const shown = chunk && shownTo(asked, chunk);
        if (chunk === null || shown)
          response.write(`data: ${chunk === null ? '[DONE]' : JSON.stringify(shown)}\n\n`);
      }
      if (used.usage && Date.now() - extendedAt >= EXTEND_EVERY_MS) {
        extendedAt = Date.now();
        const answer = await meterbook.extend(held.id, tokensOf(used.usage));
        say({ extended: held.id, status: answer?.status ?? null });
      }
    }
  } catch (error) {
    throw Object.assign(error, { used });
  }
  response.end();
  return used;
}

const withUsage = (asked) => ({
  ...asked,
  stream_options: { ...asked.stream_options, include_usage: true, continuous_usage_stats: true },
});

// The customer gets a usage chunk when it asked for one, as without us.
function shownTo({ stream_options: options }, chunk) {
  if (chunk.choices.length > 0) return { ...chunk, usage: undefined };
  return options?.include_usage ? chunk : undefined;
}

const tokensOf = ({ prompt_tokens: input, completion_tokens: output }) => ({ input, output });

// A byte is at most one token in every byte-level tokenizer; four bytes a token is what English makes. Too low an estimate is
// charged all the same, and blocks the next request; a node with the model's tokenizer counts instead.
const estimate = ({ messages }) => Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / 4);
const outputLimit = (asked) => asked.max_completion_tokens ?? asked.max_tokens;

async function textOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function refuse(response, status, code, message) {
  const error = {
    message,
    type: status < 500 ? 'invalid_request_error' : 'server_error',
    param: null,
    code,
  };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
