import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@fr/test-harness';
import type { Bench } from './bench.ts';

/** A package as the registry describes it. */
export interface PublishedPackage {
  readonly name: string;
  readonly version: string;
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** A running registry that the bench's npm and pnpm talk to. */
export interface Registry {
  readonly url: string;
  /** The latest version of a package; undefined when nothing of that name was published here. */
  latest(name: string): Promise<PublishedPackage | undefined>;
  /** Writes the latest version's tarball into a file. */
  download(published: PublishedPackage, file: string): Promise<void>;
}

/** Everything but our own packages comes from the registry this machine uses anyway. */
function configuration(folder: string, upstream: string): object {
  return {
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: { upstream: { url: upstream, timeout: '60s', max_fails: 100, fail_timeout: '1s' } },
    packages: {
      '@fr/*': { access: '$all', publish: '$authenticated' },
      '**': { access: '$all', proxy: 'upstream' },
    },
    max_body_size: '50mb',
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'warn' },
  };
}

/** Starts it, makes a user who may publish, and points the bench's `.npmrc` at it. */
export async function startRegistry(bench: Bench): Promise<Registry> {
  const folder = join(bench.folder, 'registry');
  await mkdir(folder);
  const file = join(folder, 'config.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(configuration(folder, bench.upstream)));
  const program = fileURLToPath(new URL('./registry-process.ts', import.meta.url));
  const child = bench.start(process.execPath, [program, file], { cwd: folder });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => printed.push(chunk));
  const url = await until(
    'the registry is ready',
    async () => {
      const output = Buffer.concat(printed).toString('utf8');
      if (child.exitCode !== null) throw new Error(`the registry ended\n${output}`);
      return /^ready (http:\S+)$/m.exec(output)?.[1];
    },
    60_000,
  );
  await writeFile(join(bench.home, '.npmrc'), await npmrc(url), { mode: 0o600 });

  return {
    url,
    async latest(name) {
      const reply = await fetch(new URL(encodeURIComponent(name), url));
      if (!reply.ok) return undefined;
      const document = (await reply.json()) as {
        'dist-tags': { latest: string };
        versions: Record<string, Record<string, unknown>>;
      };
      const version = document['dist-tags'].latest;
      return { name, version, manifest: document.versions[version] ?? {} };
    },
    async download(published, target) {
      const { tarball } = published.manifest['dist'] as { tarball: string };
      const reply = await fetch(tarball);
      await writeFile(target, Buffer.from(await reply.arrayBuffer()));
    },
  };
}

async function npmrc(url: string): Promise<string> {
  const reply = await fetch(new URL('-/user/org.couchdb.user:releaser', url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'releaser', password: crypto.randomUUID() }),
  });
  const { token } = (await reply.json()) as { token?: string };
  if (token === undefined) throw new Error(`the registry gave no token: ${reply.status}`);
  return [
    `registry=${url}`,
    `${url.replace('http:', '')}:_authToken=${token}`,
    'audit=false',
    'fund=false',
    'update-notifier=false',
    '',
  ].join('\n');
}
