// Readers of public request traces (formats: the README of the data folder). One request is a moment and three token counts.

export interface TraceRequest {
  /** Milliseconds from the trace's first request. */
  readonly afterMs: number;
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

export interface Trace {
  readonly format: 'azure' | 'mooncake' | 'vllm' | 'burstgpt' | 'lengths';
  readonly requests: readonly TraceRequest[];
  /** Rows that are not usage: failed calls without an answer. */
  readonly skipped: number;
}

// Mooncake hashes prefixes in blocks of 512 tokens.
const MOONCAKE_BLOCK = 512;

/** Reads a trace's text by its first line; a format that is not known throws with what was seen. */
export function readTrace(text: string): Trace {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const header = lines[0] ?? '';
  if (header.startsWith('{')) return readMooncake(lines);
  const rows = lines.slice(1).map((line) => line.split(','));
  if (header === 'TIMESTAMP,ContextTokens,GeneratedTokens') return readAzure(rows);
  if (header.startsWith('run,vllm_version,')) return readVllm(rows);
  if (header.startsWith('Timestamp,Model,Request tokens')) return readBurstGpt(rows);
  if (header === 'prefill_tokens,decode_tokens') return readLengths(rows);
  throw new RangeError(`not a trace format that is known here: "${header.slice(0, 80)}"`);
}

type Rows = readonly (readonly string[])[];

function readAzure(rows: Rows): Trace {
  const requests = rows.map(([time, input, output]) => ({
    // 100-ns digits are cut to the millisecond.
    afterMs: Date.parse(`${(time ?? '').slice(0, 23).replace(' ', 'T')}Z`),
    input: whole(input),
    cachedInput: 0,
    output: whole(output),
  }));
  return { format: 'azure', requests: fromFirst(requests), skipped: 0 };
}

function readMooncake(lines: readonly string[]): Trace {
  const seen = new Set<number>();
  const requests = lines.map((line) => {
    const row = JSON.parse(line) as {
      timestamp: number;
      input_length: number;
      output_length: number;
      hash_ids: number[];
    };
    const known = row.hash_ids.findIndex((block) => !seen.has(block));
    const hits = known < 0 ? row.hash_ids.length : known;
    for (const block of row.hash_ids) seen.add(block);
    const cachedInput = Math.min(hits * MOONCAKE_BLOCK, row.input_length);
    return {
      afterMs: row.timestamp,
      input: row.input_length - cachedInput,
      cachedInput,
      output: row.output_length,
    };
  });
  return { format: 'mooncake', requests: fromFirst(requests), skipped: 0 };
}

function readVllm(rows: Rows): Trace {
  const requests = rows.map((row) => ({
    afterMs: Math.round(Number(row[4]) * 1_000),
    input: whole(row[5]),
    cachedInput: 0,
    output: whole(row[6]),
  }));
  return { format: 'vllm', requests: fromFirst(requests), skipped: 0 };
}

// A BurstGPT row without response tokens is a failed call and is not billed.
function readBurstGpt(rows: Rows): Trace {
  const answered = rows.filter((row) => row[3] !== '0');
  const requests = answered.map((row) => ({
    afterMs: Math.round(Number(row[0]) * 1_000),
    input: whole(row[2]),
    cachedInput: 0,
    output: whole(row[3]),
  }));
  return {
    format: 'burstgpt',
    requests: fromFirst(requests),
    skipped: rows.length - answered.length,
  };
}

// Lengths without times: ten requests a second.
function readLengths(rows: Rows): Trace {
  const requests = rows.map(([input, output], index) => ({
    afterMs: index * 100,
    input: whole(input),
    cachedInput: 0,
    output: whole(output),
  }));
  return { format: 'lengths', requests, skipped: 0 };
}

function whole(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || !/^\d+$/.test(text))
    throw new RangeError(`"${text}" is not a token count`);
  return value;
}

function fromFirst(requests: readonly TraceRequest[]): TraceRequest[] {
  const first = requests.reduce((least, { afterMs }) => Math.min(least, afterMs), Infinity);
  return requests
    .map((request) => ({ ...request, afterMs: request.afterMs - first }))
    .toSorted((left, right) => left.afterMs - right.afterMs);
}
