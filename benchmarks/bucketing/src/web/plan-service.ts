/** Which of the service's faults fail where. */
import type { Scope } from '../case.ts';
import type { Sandbox } from '../generate/sandbox.ts';
import type { Build } from './building/build.ts';
import { esbuildBuild } from './building/esbuild-builds.ts';
import { rolldownBuild } from './building/rolldown-builds.ts';
import { faultsOf } from './faults.ts';
import type { Planned } from './planned.ts';
import { bundledInstallation, type Installation, unbundledInstallation } from './processes/installation.ts';
import type { RuntimeName } from './processes/runtimes.ts';
import { checkOut, type Workspace } from './workspace.ts';

const SRV = '/srv/quote-service';
const PATHS: readonly string[] = [
  '/home/jan.de-vries/projects/quote-service',
  '/opt/Meine Programme/quote-service 2 (Kopie)',
  '/var/www/shop@example.com/größe/quote-service',
];

export async function planService(sandbox: Sandbox): Promise<readonly Planned[]> {
  const service = checkOut(sandbox, 'service', '1.0.0');
  const later = checkOut(sandbox, 'service', '1.1.0');
  const here = unbundledInstallation(sandbox, service, SRV);
  const split = await splitBuild(service);
  const runtimes: readonly RuntimeName[] = ['node22', 'node24', 'node26', 'bun', 'deno'];
  const bundled = bundledInstallation(sandbox, service, split, '/opt/split/quote-service');
  const minified: readonly RuntimeName[] = ['bun', 'deno'];
  return [
    ...(await bundles(sandbox, service, here)),
    ...runtimes.flatMap((runtime) => every('engine', service, runtime, here)),
    ...minified.flatMap((runtime) => every('engine', service, runtime, bundled)),
    ...[0, 1, 2].flatMap((visitor) => every('message-data', service, 'node24', here, { visitor })),
    ...['hand', 'clock', 'queue'].flatMap((caller) => every('caller', service, 'node24', here, { caller })),
    ...PATHS.flatMap((path) =>
      every('install-path', service, 'node24', unbundledInstallation(sandbox, service, path)),
    ),
    ...(await releases(sandbox, [service, later])),
  ];
}

async function bundles(
  sandbox: Sandbox,
  service: Workspace,
  reference: Installation,
): Promise<readonly Planned[]> {
  const platform = 'node';
  const builds: Readonly<Record<string, Build>> = {
    esbuild: await esbuildBuild(service, { name: 'esbuild, ESM', platform, format: 'esm' }),
    esbuildCjs: await esbuildBuild(service, {
      ...{ name: 'esbuild, CommonJS, minified', platform, format: 'cjs', minify: true },
    }),
    rolldownSplit: await rolldownBuild(service, {
      ...{ name: 'rolldown, ESM, minified, map inline', platform, format: 'esm' },
      ...{ minify: true, map: 'inline' },
    }),
    rolldownCjs: await rolldownBuild(service, { name: 'rolldown, CommonJS', platform, format: 'cjs' }),
  };
  const planned = [...every('bundle', service, 'node24', reference)];
  for (const [name, build] of Object.entries(builds)) {
    const installation = bundledInstallation(sandbox, service, build, `/opt/${name}/quote-service`);
    planned.push(...every('bundle', service, 'node24', installation));
    if (name === 'esbuildCjs') planned.push(...every('bundle', service, 'node24 with maps', installation));
  }
  return planned;
}

async function releases(sandbox: Sandbox, workspaces: readonly Workspace[]): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const workspace of workspaces) {
    const { release } = workspace;
    const build = await splitBuild(workspace);
    const plain = unbundledInstallation(sandbox, workspace, `/srv/${release}/quote-service`);
    const built = bundledInstallation(sandbox, workspace, build, `/opt/${release}/quote-service`);
    planned.push(...every('program-version', workspace, 'node24', plain));
    planned.push(...every('program-version', workspace, 'node24', built));
  }
  return planned;
}

function splitBuild(workspace: Workspace): Promise<Build> {
  return rolldownBuild(workspace, {
    ...{ name: 'rolldown, ESM, minified, split', platform: 'node', format: 'esm' },
    ...{ minify: true, split: true },
  });
}

function every(
  scope: Scope,
  workspace: Workspace,
  runtime: RuntimeName,
  installation: Installation,
  more: { readonly visitor?: number; readonly caller?: string } = {},
): readonly Planned[] {
  const { visitor = 0, caller = 'hand' } = more;
  const place = { kind: 'process' as const, runtime, installation };
  return faultsOf('service').map((fault) => ({ fault, scope, workspace, place, visitor, caller }));
}
