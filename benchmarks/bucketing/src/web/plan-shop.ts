/** Which of the shop's faults fail where. */
import type { Scope } from '../case.ts';
import type { Sandbox } from '../generate/sandbox.ts';
import { buildHash } from './building/build.ts';
import { compiledFiles } from './building/esbuild-builds.ts';
import { pageBuilds, plainBuilds, processBuilds, splitBuild } from './building/shop-builds.ts';
import { faultsOf, needsPage } from './faults.ts';
import type { Engine } from './pages/browsers.ts';
import { type Address, blankedSite, bundledSite, type Site } from './pages/site.ts';
import type { Place, Planned } from './planned.ts';
import { bundledInstallation, unbundledInstallation } from './processes/installation.ts';
import type { RuntimeName } from './processes/runtimes.ts';
import { checkOut, type Workspace } from './workspace.ts';

const HOME: Address = { host: 'www.tally.example', prefix: '/assets/', secure: true };
const ADDRESSES: readonly Address[] = [
  { host: 'staging-7.tally.example:8443', prefix: '/shop/v2/assets/', secure: true },
  { host: '127.0.0.1:4173', prefix: '/', query: '?v=3f9c01' },
  {
    host: 'd1x9k2.cdn.example',
    prefix: '/t/2026-08-11T10/Über (neu)/',
    secure: true,
    query: '?t=1786442400',
  },
];
const DEVELOPMENT: Address = { host: 'localhost:5173', prefix: '/src/', modules: '/' };
const CALLERS = ['timer', 'login', 'nested', 'event'];
const SRV = '/srv/tally-shop';

interface More {
  readonly visitor?: number;
  readonly caller?: string;
  readonly unmapped?: string;
}

export async function planShop(sandbox: Sandbox): Promise<readonly Planned[]> {
  const shop = checkOut(sandbox, 'shop', '1.0.0');
  const later = checkOut(sandbox, 'shop', '1.1.0');
  return [
    ...(await bundles(sandbox, shop)),
    ...(await withoutMaps(shop)),
    ...(await engines(sandbox, shop)),
    ...(await variants(shop)),
    ...(await addresses(shop)),
    ...(await releases(sandbox, shop, later)),
  ];
}

async function bundles(sandbox: Sandbox, shop: Workspace): Promise<readonly Planned[]> {
  const reference = unbundledInstallation(sandbox, shop, SRV);
  const planned = [
    ...every('bundle', shop, { kind: 'process', runtime: 'node24', installation: reference }),
    ...every('bundle', shop, page('chromium', blankedSite(shop, HOME))),
    ...every('bundle', shop, page('chromium', await compiledSite(shop, HOME))),
  ];
  const hosts = [HOME, ...ADDRESSES];
  for (const [index, build] of Object.values(await pageBuilds(shop)).entries()) {
    const address = hosts[index % hosts.length] ?? HOME;
    planned.push(...every('bundle', shop, page('chromium', bundledSite(shop, build, address))));
  }
  for (const [name, build] of Object.entries(await processBuilds(shop))) {
    const installation = bundledInstallation(sandbox, shop, build, `/opt/${name}/tally-shop`);
    planned.push(...every('bundle', shop, { kind: 'process', runtime: 'node24', installation }));
    if (name === 'esbuildSplit')
      planned.push(...every('bundle', shop, { kind: 'process', runtime: 'node24 with maps', installation }));
  }
  return planned;
}

/** The same script on two hosts is the same fault; another build of the same source cannot be known to be. */
async function withoutMaps(shop: Workspace): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const build of await plainBuilds(shop)) {
    const unmapped = buildHash(build);
    for (const [index, address] of [HOME, ...ADDRESSES.slice(0, 2)].entries()) {
      const more = { unmapped, visitor: index, caller: index === 2 ? 'timer' : 'load' };
      planned.push(...every('bundle', shop, page('chromium', bundledSite(shop, build, address)), more));
    }
  }
  return planned;
}

async function engines(sandbox: Sandbox, shop: Workspace): Promise<readonly Planned[]> {
  const unbundled = await compiledSite(shop, HOME);
  const bundled = bundledSite(shop, await splitBuild(shop), HOME);
  const installation = unbundledInstallation(sandbox, shop, SRV);
  const runtimes: readonly RuntimeName[] = ['node24', 'bun', 'deno'];
  return [
    ...every('engine', shop, page('chromium', unbundled)),
    ...(['firefox', 'webkit'] as const).flatMap((engine) => [
      ...every('engine', shop, page(engine, unbundled)),
      ...every('engine', shop, page(engine, bundled)),
    ]),
    ...runtimes.flatMap((runtime) => every('engine', shop, { kind: 'process', runtime, installation })),
  ];
}

async function variants(shop: Workspace): Promise<readonly Planned[]> {
  const build = await compiledFiles(shop, 'development server');
  const place = page('chromium', bundledSite(shop, build, DEVELOPMENT));
  return [
    ...[0, 1, 2].flatMap((visitor) => every('message-data', shop, place, { visitor })),
    ...CALLERS.flatMap((caller) => every('caller', shop, place, { caller })),
  ];
}

async function addresses(shop: Workspace): Promise<readonly Planned[]> {
  const build = await splitBuild(shop);
  const planned: Planned[] = [];
  for (const [index, address] of ADDRESSES.entries()) {
    planned.push(...every('install-path', shop, page('chromium', await compiledSite(shop, address))));
    if (index !== 1)
      planned.push(...every('install-path', shop, page('chromium', bundledSite(shop, build, address))));
  }
  return planned;
}

async function releases(sandbox: Sandbox, shop: Workspace, later: Workspace): Promise<readonly Planned[]> {
  const planned: Planned[] = [];
  for (const workspace of [shop, later]) {
    const installation = unbundledInstallation(sandbox, workspace, `/srv/${workspace.release}/tally-shop`);
    const bundled = bundledSite(workspace, await splitBuild(workspace), HOME);
    planned.push(
      ...every('program-version', workspace, { kind: 'process', runtime: 'node24', installation }),
      ...every('program-version', workspace, page('chromium', await compiledSite(workspace, HOME))),
      ...every('program-version', workspace, page('chromium', bundled)),
    );
  }
  return planned;
}

async function compiledSite(workspace: Workspace, address: Address): Promise<Site> {
  return bundledSite(workspace, await compiledFiles(workspace, 'compiler', address.query), address);
}

function page(engine: Engine, site: Site): Place {
  return { kind: 'page', engine, site };
}

function every(scope: Scope, workspace: Workspace, place: Place, more: More = {}): readonly Planned[] {
  const faults = faultsOf('shop').filter((fault) => place.kind === 'page' || !needsPage(fault));
  const { visitor = 0, caller = 'load', unmapped } = more;
  return faults.map((fault) => ({
    ...{ fault, scope, workspace, place, visitor, caller },
    ...(unmapped === undefined ? {} : { unmapped }),
  }));
}
