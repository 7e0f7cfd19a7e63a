/**
 * Layouts of programs that do not run here, made from a case that was observed: only paths change, as those programs
 * print them. A rewrite gives nothing when more than paths would differ.
 */
import { createHash } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import type { Case } from '../case.ts';
import { mapTexts, stacksOf } from '../generate/facts.ts';
import { movedTo, placesOf } from '../generate/operating-system.ts';

export type Rewrite =
  | { readonly to: 'bun' | 'deno' | 'pnpm-global' }
  | { readonly to: 'system'; readonly place: number };

/** The case somewhere else; `folder` is where the program lies in it, `versions` those of the modules in its stacks. */
export function rewritten(
  rewrite: Rewrite,
  observed: Case,
  folder: string,
  versions: Readonly<Record<string, string>>,
): Case | undefined {
  if (rewrite.to === 'system') {
    const there = placesOf(observed.program)[rewrite.place];
    if (there === undefined) return undefined;
    return { ...movedTo(there, folder, observed), how: `${observed.how}, moved to ${there.folder}` };
  }
  if (rewrite.to === 'deno') return inDeno(observed, folder, versions);
  const text = rewrite.to === 'bun' ? inBunStore : inPnpmGlobal(observed, folder);
  return { ...moved(observed, text, text), how: `${observed.how}, as in ${rewrite.to}'s layout` };
}

/** `bun install --linker isolated`: as pnpm's store, with a hash in the place of the peers. */
function inBunStore(text: string): string {
  return text.replace(/node_modules\/\.pnpm\/([^/]+)\//g, (_match, key: string) => {
    const [, base = key, peers] = /^(.+@\d[^_/]*)_(.+)$/.exec(key) ?? [];
    return `node_modules/.bun/${base}${peers === undefined ? '' : `+${hash(peers)}`}/`;
  });
}

/** `pnpm add --global`: the program is a package of the store as all others. */
function inPnpmGlobal(observed: Case, folder: string): (text: string) => string {
  const store = '/root/.local/share/pnpm/global/5/.pnpm';
  const home = `${store}/${observed.program}@${observed.programVersion}/node_modules/${observed.program}`;
  return (text) =>
    text.replaceAll(`${folder}/node_modules/.pnpm`, store).replaceAll(`${folder}/`, `${home}/`);
}

/**
 * Deno runs packages from its cache and prints every file as a URL. Its own frames are not Node's, so a stack through
 * Node's internals cannot be rewritten.
 */
function inDeno(
  observed: Case,
  folder: string,
  versions: Readonly<Record<string, string>>,
): Case | undefined {
  const withoutTicks = mapTexts(observed.error, (text) =>
    text.replace(/\n {4}at process\.processTicks.*/g, ''),
  );
  if (stacksOf(withoutTicks).some((stack) => stack.includes('(node:'))) return undefined;
  const cache = 'file:///deno-dir/npm/registry.npmjs.org';
  const inUrls = (text: string): string =>
    text.replace(/(?<=[\s(])(?=\/(?:srv|data)\/.*:\d+:\d+)/g, 'file://');
  const cached = (text: string): string =>
    Object.entries(versions).reduce(
      (done, [name, version]) =>
        done.replaceAll(
          new RegExp(
            `${escaped(pathToFileURL(folder).href)}(?:/node_modules/[^\\s()]*?)?/node_modules/${escaped(name)}/(?!node_modules/)`,
            'g',
          ),
          `${cache}/${name}/${version}/`,
        ),
      text,
    );
  const url = (file: string): string =>
    file.startsWith('/') && !file.endsWith('.json') ? pathToFileURL(file).href : file;
  const error = mapTexts(withoutTicks, (text) => cached(inUrls(text)));
  const { modules: _toldByPaths, ...there } = moved({ ...observed, error }, (text) => text, url);
  return { ...there, how: `${observed.how}, as in Deno's cache` };
}

function moved(observed: Case, text: (text: string) => string, file: (file: string) => string): Case {
  const sources = Object.fromEntries(
    Object.entries(observed.sources).map(([key, name]) => [file(key), name]),
  );
  return { ...observed, error: mapTexts(observed.error, text), sources };
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
