// What makes an OpenAPI 3.1 document usable by a tool, told as a list of faults.

type Node = Record<string, unknown>;
const VERBS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** [] for a document whose references lead somewhere and whose operations are described in full. */
export function openApiFaults(document: Node): string[] {
  const faults: string[] = [];
  if (document['openapi'] !== '3.1.0') faults.push(`openapi is ${String(document['openapi'])}`);
  for (const reference of referencesIn(document))
    if (resolve(document, reference) === undefined) faults.push(`${reference} leads nowhere`);
  const ids = new Set<unknown>();
  for (const [path, item] of Object.entries(document['paths'] as Record<string, Node>))
    for (const verb of VERBS)
      if (item[verb]) {
        const operation = item[verb] as Node;
        faults.push(
          ...operationFaults(path, operation).map((fault) => `${verb} ${path}: ${fault}`),
        );
        if (ids.has(operation['operationId'])) faults.push(`${verb} ${path}: id is used twice`);
        ids.add(operation['operationId']);
      }
  return faults;
}

function operationFaults(path: string, operation: Node): string[] {
  const faults: string[] = [];
  const parameters = (operation['parameters'] ?? []) as Node[];
  const names = parameters.map((one) => `${String(one['in'])} ${String(one['name'])}`);
  if (new Set(names).size < names.length) faults.push('a parameter is told twice');
  for (const [, name] of path.matchAll(/\{(\w+)\}/g))
    if (!names.includes(`path ${name}`)) faults.push(`${name} of the path is not described`);
  for (const one of parameters) {
    if (one['in'] === 'path' && !path.includes(`{${String(one['name'])}}`))
      faults.push(`${String(one['name'])} is not in the path`);
    if (Object.keys(one['schema'] ?? {}).length === 0)
      faults.push(`${String(one['name'])} has no schema`);
  }
  const responses = Object.entries((operation['responses'] ?? {}) as Record<string, Node>);
  if (!responses.some(([status]) => status.startsWith('2'))) faults.push('no answer of success');
  if (!responses.some(([status]) => status === 'default')) faults.push('no problem');
  for (const [status, answer] of responses)
    if (!answer['description']) faults.push(`${status} is not described`);
  if (!Array.isArray(operation['security'])) faults.push('does not say whether a key is needed');
  return faults;
}

function referencesIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

function resolve(document: Node, reference: string): unknown {
  return reference
    .slice(2)
    .split('/')
    .reduce<unknown>((node, name) => (node as Node | undefined)?.[name], document);
}
