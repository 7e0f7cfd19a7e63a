import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorFacts } from '@fr/bucket';
import { stacksOf } from '../generate/facts.ts';
import type { Sandbox } from '../generate/sandbox.ts';

/**
 * Versions of the modules that a failure's stacks pass through, read from the package.json files below the folder
 * `modules` of the imitated machine, as a host would. Of two versions of one module, the one met first.
 */
export function moduleVersions(
  sandbox: Sandbox,
  modules: string,
  error: ErrorFacts,
): Readonly<Record<string, string>> {
  const versions: Record<string, string> = {};
  const stacks = stacksOf(error).join('\n');
  for (const folder of [modules, pathToFileURL(modules).href]) {
    for (const rest of stacks.split(`${folder}/`).slice(1)) {
      const [path, name] =
        /^(?:.*?\/node_modules\/)*((?:@[\w.-]+\/)?[\w.-]+)(?=\/)/.exec(rest.split(/[:\n]/)[0] ?? '') ?? [];
      if (path === undefined || name === undefined || name in versions) continue;
      const manifest = sandbox.outside(join(modules, path, 'package.json'));
      if (existsSync(manifest)) versions[name] = JSON.parse(readFileSync(manifest, 'utf8')).version;
    }
  }
  return Object.fromEntries(Object.entries(versions).sort());
}
