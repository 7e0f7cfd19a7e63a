/**
 * What a failing host could read at the moment of its failure: those of the program's files that its stacks show, the
 * source maps they name, and package.json files.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErrorFacts } from '@fr/bucket';
import type { Case } from '../case.ts';
import { stacksOf } from './facts.ts';
import type { Sandbox } from './sandbox.ts';
import type { TextCollector } from './texts.ts';

/** What may be read and kept; only texts that we wrote belong here. */
export interface Readable {
  /** Code files, as paths of the imitated machine. */
  readonly files: readonly string[];
  /** The package.json files that the host knows of; kept under their plain path whether a stack shows them or not. */
  readonly manifests: readonly string[];
}

/** Sources and maps of a case, keyed by the file as the stack prints it (path or URL). */
export function readableAt(
  sandbox: Sandbox,
  error: ErrorFacts,
  readable: Readable,
  texts: TextCollector,
): Pick<Case, 'sources' | 'maps'> {
  const sources: Record<string, string> = {};
  const maps: Record<string, string> = {};
  const stacks = stacksOf(error).join('\n');
  for (const file of readable.files) {
    for (const shown of [file, pathToFileURL(file).href].filter((name) => shows(stacks, name))) {
      const text = readFileSync(sandbox.outside(file), 'utf8');
      sources[shown] = texts.keep(text);
      const map = mapBeside(sandbox, file, text);
      if (map !== undefined) maps[shown] = texts.keep(map);
    }
  }
  for (const manifest of readable.manifests)
    sources[manifest] = texts.keep(readFileSync(sandbox.outside(manifest), 'utf8'));
  return { sources, maps };
}

/** Whether a stack has a frame in that file: `(/a/b.js:1:2)`, never the end of a longer path. */
function shows(stacks: string, file: string): boolean {
  return stacks
    .split(`${file}:`)
    .some((before, index, all) => index < all.length - 1 && /[\s(]$/.test(before));
}

function mapBeside(sandbox: Sandbox, file: string, text: string): string | undefined {
  const name = /^\/\/# sourceMappingURL=(\S+)\s*$/m.exec(text.slice(-500))?.[1];
  if (name === undefined || name.startsWith('data:')) return undefined;
  const map = sandbox.outside(join(dirname(file), name));
  return existsSync(map) ? readFileSync(map, 'utf8') : undefined;
}
