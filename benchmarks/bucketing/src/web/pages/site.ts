/** Places on the web where the shop was put: what is served there, and which of it we may keep. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { basename, join } from 'node:path';
import type { Build } from '../building/build.ts';
import { OWN_MODULE, type Workspace } from '../workspace.ts';

/** A file that stacks may show. */
export interface Deployed {
  /** URL or path without query, as stacks print it. */
  readonly shown: string;
  /** Only if all of it is ours. */
  readonly text?: string;
  readonly map?: string;
}

export interface Site {
  readonly name: string;
  /** Host and port; requests for it reach us because browsers take us for their proxy. */
  readonly host: string;
  /** Stacks are rewritten to say https, which needs certificates that the browsers here lack. */
  readonly secure: boolean;
  /** URL path → what is served there, always as JavaScript. */
  readonly served: ReadonlyMap<string, string>;
  readonly deployed: readonly Deployed[];
  readonly page: string;
}

/** Where and how; the prefix begins and ends with a slash. */
export interface Address {
  readonly host: string;
  readonly prefix: string;
  readonly secure?: boolean;
  /** Prefix of node_modules, where it is another. */
  readonly modules?: string;
  /** Added to the entry's URL. */
  readonly query?: string;
}

const FOREIGN: Readonly<Record<string, string>> = {
  'big.js': 'node_modules/big.js/big.mjs',
  mitt: 'node_modules/mitt/dist/mitt.mjs',
};
const OWN_ENTRY = `node_modules/${OWN_MODULE}/dist/index.js`;

export function bundledSite(workspace: Workspace, build: Build, address: Address): Site {
  const served = new Map<string, string>();
  const deployed: Deployed[] = [];
  for (const [path, file] of build.files) {
    served.set(address.prefix + path, file.text);
    const { text, map, ours } = file;
    const shown = origin(address) + encodeURI(address.prefix + path);
    deployed.push({ shown, ...(ours ? { text } : {}), ...(map === undefined ? {} : { map }) });
  }
  addModules(workspace, address, served, deployed);
  return site(build.name, address, served, deployed, build.entry, build.script === 'module');
}

/** Types blanked out, nothing else: every place stays where it was, so nobody makes maps. */
export function blankedSite(workspace: Workspace, address: Address): Site {
  const served = new Map<string, string>();
  const deployed: Deployed[] = [];
  for (const [file, source] of workspace.files) {
    if (!/^src\/.*\.ts$/.test(file)) continue;
    const text = stripTypeScriptTypes(source).replaceAll(".ts'", ".js'");
    const path = address.prefix + basename(file).replace('.ts', '.js');
    served.set(path, text);
    deployed.push({ shown: origin(address) + encodeURI(path), text });
  }
  addModules(workspace, address, served, deployed);
  return site('types blanked out', address, served, deployed, 'main.js', true);
}

function site(
  name: string,
  address: Address,
  served: ReadonlyMap<string, string>,
  deployed: readonly Deployed[],
  entry: string,
  module: boolean,
): Site {
  const { host, prefix, secure = false, query = '' } = address;
  const attributes = module ? 'type="module"' : 'defer';
  const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<script type="importmap">${JSON.stringify({ imports: importMap(modulesPrefix(address)) })}</script>
<script src="/__capture.js"></script>
<script ${attributes} src="${encodeURI(prefix + entry)}${query}"></script>
</head><body><main id="shop"></main></body></html>`;
  return { name, host, secure, served, deployed, page };
}

function importMap(prefix: string): Readonly<Record<string, string>> {
  const all = Object.entries({ ...FOREIGN, [OWN_MODULE]: OWN_ENTRY });
  return Object.fromEntries(all.map(([name, file]) => [name, encodeURI(prefix + file)]));
}

function addModules(
  workspace: Workspace,
  address: Address,
  served: Map<string, string>,
  deployed: Deployed[],
): void {
  for (const file of Object.values(FOREIGN))
    served.set(modulesPrefix(address) + file, readFileSync(join(workspace.folder, file), 'utf8'));
  for (const [file, text] of workspace.files) {
    if (!file.startsWith('node_modules/') || !file.endsWith('.js')) continue;
    served.set(modulesPrefix(address) + file, text);
    deployed.push({ shown: origin(address) + encodeURI(modulesPrefix(address) + file), text });
  }
}

function modulesPrefix({ modules, prefix }: Address): string {
  return modules ?? prefix;
}

function origin(address: Address): string {
  return `${address.secure ? 'https' : 'http'}://${address.host}`;
}
