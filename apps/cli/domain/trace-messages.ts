// A trace's requests as the usage events of one node, dated so that the last one happens now.
import { seededRandom } from './random.js';
import type { Trace } from './trace.js';
import { type UsageMessage, uuidV7 } from './usage-message.js';

export interface TraceMessageOptions {
  readonly organization: string;
  readonly model: string;
  /** Epoch ms of the last request. */
  readonly endsAt: number;
  readonly seed: number;
}

/** One message per request, in the trace's order, with a contiguous sequence. */
export function traceMessages(trace: Trace, options: TraceMessageOptions): UsageMessage[] {
  const random = seededRandom(options.seed);
  const last = trace.requests.at(-1)?.afterMs ?? 0;
  const source = `//trace/${trace.format}-${options.endsAt}`;
  return trace.requests.map(({ afterMs, input, cachedInput, output }, index) => {
    const at = options.endsAt - last + afterMs;
    const tokens = { input, output, ...(cachedInput > 0 && { cached_input: cachedInput }) };
    return {
      id: uuidV7(at, random),
      source,
      organization: options.organization,
      at,
      sequence: index + 1,
      model: options.model,
      project: null,
      serviceTier: 'on_demand',
      adapter: null,
      tokens,
    };
  });
}
