// Publishes with OpenMeter's JavaScript client and the CloudEvents SDK, each unchanged. Run where both are installed.
const [url, key, run] = process.argv.slice(2);
const { OpenMeter } = await import('@openmeter/sdk');
const { CloudEvent, HTTP } = await import('cloudevents');

const meter = new OpenMeter({ baseUrl: url, apiKey: key });
const event = (name, type, tokens) => ({
  id: `js-${name}-${run}`,
  type: 'ai-tokens',
  subject: 'customer-1',
  data: { model: 'gpt-4o', type, tokens },
});
await meter.events.ingest(event(1, 'input', 1250));
await meter.events.ingest([event(2, 'input', 850), event(3, 'output', 850)]);

const own = (name) =>
  new CloudEvent({
    id: `ce-js-${name}-${run}`,
    type: 'dev.meterbook.usage.v1',
    source: 'ce-js',
    subject: 'org_doors',
    data: { model: 'gpt-4o', tokens: { input: 7, output: 5 } },
  });
for (const message of [HTTP.structured(own(1)), HTTP.binary(own(2))]) {
  const headers = { ...message.headers, authorization: `Bearer ${key}` };
  const sent = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: message.body });
  if (sent.status !== 202) throw new Error(await sent.text());
}
