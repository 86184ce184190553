import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ensureKafkaJars, hasKafkaJars } from '../kafka-jars.js';

// Stands in for Maven: notes each call, writes two jars, and fails between them when told to.
const MAVEN = `#!/bin/sh
for word in "$@"; do case "$word" in -DoutputDirectory=*) out="\${word#*=}";; esac; done
echo call >> "$MAVEN_CALLS"
mkdir -p "$out" && touch "$out/a.jar"
if [ -e "$MAVEN_FAILS" ]; then echo "cannot resolve b" ; exit 1; fi
sleep 0.2
touch "$out/b.jar"
`;

describe('jars of the broker', () => {
  let dir: string;
  const path = process.env['PATH'];
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'meterbook-jars-'));
    writeFileSync(join(dir, 'mvn'), MAVEN);
    chmodSync(join(dir, 'mvn'), 0o755);
    process.env['PATH'] = [dir, path].join(delimiter);
    process.env['MAVEN_CALLS'] = join(dir, 'calls');
    process.env['MAVEN_FAILS'] = join(dir, 'fails');
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(dir, { recursive: true, force: true });
  });
  const calls = () => readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n').length;

  it('are fetched once by two callers at once, and not again', async () => {
    const folder = join(dir, 'cache', 'jars');
    expect(hasKafkaJars(folder)).toBe(false);
    await Promise.all([ensureKafkaJars(folder), ensureKafkaJars(folder)]);
    expect(hasKafkaJars(folder)).toBe(true);
    await ensureKafkaJars(folder);
    expect(calls()).toBe(1);
  });

  it('of a fetch that broke off do not count, and its reason is told', async () => {
    const folder = join(dir, 'cache', 'jars');
    writeFileSync(join(dir, 'fails'), '');
    await expect(ensureKafkaJars(folder)).rejects.toThrow('cannot resolve b');
    expect(hasKafkaJars(folder)).toBe(false);
    rmSync(join(dir, 'fails'));
    await ensureKafkaJars(folder);
    expect(hasKafkaJars(folder)).toBe(true);
    expect(calls()).toBe(2);
  });

  it('are fetched again when one is missing', async () => {
    const folder = join(dir, 'cache', 'jars');
    await ensureKafkaJars(folder);
    rmSync(join(folder, 'b.jar'));
    expect(hasKafkaJars(folder)).toBe(false);
    await ensureKafkaJars(folder);
    expect(hasKafkaJars(folder)).toBe(true);
  });

  it('are fetched though an earlier caller died holding the lock', async () => {
    const folder = join(dir, 'jars');
    writeFileSync(`${folder}.lock`, '4194303');
    await ensureKafkaJars(folder);
    expect(hasKafkaJars(folder)).toBe(true);
  });
});
