// Stands in for an inference server that speaks OpenAI's chat completions: it says as many words as `max_tokens` allows (at most
// 40), one every WORD_MS milliseconds, and counts them as tokens. `stream_options.continuous_usage_stats` gives running totals on
// every chunk, as vLLM and SGLang do. node examples/gateway/model.mjs (PORT, default 8001)
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

const WORD_MS = Number(process.env.WORD_MS ?? 5);
const MOST_WORDS = 40;

createServer(async (request, response) => {
  try {
    let text = '';
    for await (const chunk of request) text += chunk;
    const asked = JSON.parse(text);
    if (asked.stream) await stream(asked, response);
    else await answer(asked, response);
  } catch (error) {
    if (!response.headersSent) response.writeHead(400);
    response.end(String(error));
  }
}).listen(Number(process.env.PORT ?? 8001), '127.0.0.1');

const inputOf = ({ messages }) => Math.ceil(Buffer.byteLength(JSON.stringify(messages)) / 4);
const wordsOf = ({ max_tokens, max_completion_tokens }) =>
  Math.min(max_completion_tokens ?? max_tokens ?? MOST_WORDS, MOST_WORDS);
const usageOf = (asked, output) => ({
  prompt_tokens: inputOf(asked),
  completion_tokens: output,
  total_tokens: inputOf(asked) + output,
});

async function answer(asked, response) {
  const words = wordsOf(asked);
  await wait(words * WORD_MS);
  const message = { role: 'assistant', content: 'word '.repeat(words) };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      ...named(asked),
      object: 'chat.completion',
      choices,
      usage: usageOf(asked, words),
    }),
  );
}

async function stream(asked, response) {
  const words = wordsOf(asked);
  const isRunning = asked.stream_options?.continuous_usage_stats === true;
  const send = (part) =>
    response.write(
      `data: ${JSON.stringify({ ...named(asked), object: 'chat.completion.chunk', ...part })}\n\n`,
    );
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let word = 1; word <= words && !response.destroyed; word += 1) {
    await wait(WORD_MS);
    const choices = [{ index: 0, delta: { content: 'word ' }, finish_reason: null }];
    send({ choices, ...(isRunning && { usage: usageOf(asked, word) }) });
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  if (asked.stream_options?.include_usage) send({ choices: [], usage: usageOf(asked, words) });
  response.end('data: [DONE]\n\n');
}

const named = ({ model }) => ({ id: 'chatcmpl-1', created: Math.floor(Date.now() / 1_000), model });
