/**
 * The own files of a program as somebody deploys them: in one of three formats and one of three versions. Whatever
 * the format and version, a fault stays the same place in the same function.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { commonJs } from './common-js.ts';
import { dependenciesOf, FAULTS, type Format, type PackageSet, type Program } from './programs.ts';

export type ProgramVersion = '1.0.0' | '1.1.0' | '1.2.0';

export interface Build {
  readonly format: Format;
  readonly version: ProgramVersion;
  readonly set: PackageSet;
}

export interface OwnFiles {
  /** Relative path → text; the manifest is among them, what only feeds the program is not. */
  readonly files: ReadonlyMap<string, string>;
  /** Relative path → text of what makes it fail, which a host would not have. */
  readonly feed: ReadonlyMap<string, string>;
  readonly entry: string;
}

export function ownFiles(program: Program, build: Build): OwnFiles {
  const files = new Map([['package.json', manifest(program, build)]]);
  for (const folder of [join(FAULTS, 'frame'), join(FAULTS, program.name, 'src')]) {
    for (const name of readdirSync(folder).sort()) {
      const text = grown(readFileSync(join(folder, name), 'utf8'), build.version);
      const [path, deployed] = formatted(name, text, build.format);
      files.set(path, deployed);
    }
  }
  const inputs = readFileSync(join(FAULTS, program.name, 'inputs.mjs'), 'utf8');
  const entry = build.format === 'dist' ? 'dist/main.cjs' : 'src/main.js';
  return { files, feed: new Map([['inputs.mjs', inputs]]), entry };
}

function manifest(program: Program, build: Build): string {
  const type = build.format === 'cjs' ? 'commonjs' : 'module';
  const dependencies = dependenciesOf(program, build.set);
  return `${JSON.stringify({ name: program.name, version: build.version, type, dependencies }, null, 2)}\n`;
}

function formatted(name: string, text: string, format: Format): readonly [path: string, text: string] {
  if (format === 'esm') return [`src/${name}`, text];
  if (format === 'cjs') return [`src/${name}`, commonJs(text)];
  const renamed = text.replace(/(from '\.[^']*|import\(`[^`]*)\.js(?=['`])/g, '$1.cjs');
  const { code } = transformSync(renamed, { format: 'cjs', platform: 'node', target: 'node18' });
  return [`dist/${name.replace(/\.js$/, '.cjs')}`, code];
}

const NEW_PART = `
/** Which features this release has. */
const FEATURES = ['reports'];

export function hasFeature(name) {
  return FEATURES.includes(name);
}
`;

/** Later versions: 1.1.0 has a new part above the old ones, 1.2.0 also longer comments above every function. */
function grown(text: string, version: ProgramVersion): string {
  if (version === '1.0.0') return text;
  const importsEnd = Math.max(
    0,
    ...[...text.matchAll(/^import .*$/gm)].map((match) => match.index + match[0].length),
  );
  const head = importsEnd === 0 ? '' : `${text.slice(0, importsEnd)}\n`;
  const rest = importsEnd === 0 ? text : text.slice(importsEnd);
  const larger = `${head}${NEW_PART}${importsEnd === 0 ? '\n' : ''}${rest}`;
  if (version === '1.1.0') return larger;
  return larger.replace(
    /^(?=(export )?(async )?function |class )/gm,
    '// Reviewed for release 1.2.0:\n// nothing to change.\n',
  );
}
