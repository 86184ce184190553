// One organization, one event, read back from metering and quota: the composed services reach each other and the log.
const key = process.argv[2];
const call = async (method, port, path, body, type = 'application/json') => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': type };
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
};
const { readFileSync } = await import('node:fs');
await call('POST', 4001, '/v1/catalog', readFileSync('catalog/groq.yaml', 'utf8'), 'application/yaml');
const account = { name: 'Compose', currency: 'USD', tier: 'developer', profile: 'groq' };
await call('PUT', 4001, '/v1/organizations/org_compose', JSON.stringify(account));
const time = new Date().toISOString();
const data = { model: 'llama-3.1-8b-instant', tokens: { input: 1000, output: 10 } };
const event = { specversion: '1.0', type: 'dev.meterbook.usage.v1', source: '//compose/node', id: crypto.randomUUID(), subject: 'org_compose', time, data };
const sent = await call('POST', 4001, '/v1/events', JSON.stringify(event), 'application/cloudevents+json');
const seen = Object.entries(sent.positions).map(([partition, offset]) => `usage.recorded:${partition}:${offset}`).join(',');
const hour = new Date(Math.floor(Date.parse(time) / 3.6e6) * 3.6e6).toISOString();
const next = new Date(Date.parse(hour) + 3.6e6).toISOString();
const usage = await call('GET', 4002, `/v1/usage?organization=org_compose&from=${hour}&to=${next}&at_least=${seen}&wait_ms=20000`);
const spend = await call('GET', 4003, `/v1/organizations/org_compose/spend?at_least=${seen}&wait_ms=20000`);
const draft = await call('GET', 4004, `/v1/organizations/org_compose/upcoming-invoice?at_least=${seen}&wait_ms=20000`);
const edge = await call('GET', 4000, `/v1/organizations/org_compose/spend`);
const facts = { edge: edge.spent_exact, input: usage.data[0]?.tokens.input, spent: spend.spent_exact, subtotal: draft.subtotal_exact };
console.info(JSON.stringify(facts));
// 1,000 × 0.05 $/M + 10 × 0.08 $/M.
if (facts.input !== 1000 || facts.edge !== '0.0000508' || facts.spent !== '0.0000508' || facts.subtotal !== '0.0000508') process.exit(1);
