import { requestOf } from '../test/standings.js';
import { sameRequest } from './same-request.js';

describe('repeated request', () => {
  it.each([
    [{}, undefined],
    [{ ttlSeconds: 1 }, undefined],
    [{ measures: { audio_ms: 0n } }, undefined],
    [{ inputTokens: 101n }, '/input_tokens'],
    [{ maxOutputTokens: null }, '/max_output_tokens'],
    [{ project: 'chat' }, '/project'],
    [{ model: 'small' }, '/model'],
    [{ measures: { audio_ms: 1n } }, '/audio_ms'],
  ])('with %p differs at %s', (part, pointer) => {
    const found = sameRequest(requestOf(), requestOf(part));
    expect(found?.pointer).toBe(pointer);
    expect(found?.code).toBe(pointer === undefined ? undefined : 'request_id_reused');
  });
});
