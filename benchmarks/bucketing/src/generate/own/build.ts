/**
 * Builds a release of a program into the folder that gets deployed: package.json, the files of one format, and
 * node_modules. File for file, never bundled.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import type { Sandbox } from '../sandbox.ts';
import type { Format, Program, Release } from './fault.ts';
import { releaseText } from './release.ts';

const PROGRAMS = join(import.meta.dirname, '..', '..', '..', '..', 'faults', 'own');
const TSC = join(
  import.meta.dirname,
  '..',
  '..',
  '..',
  '..',
  '..',
  'node_modules',
  'typescript',
  'bin',
  'tsc',
);

/** Folder below the installed program that its code files are in. */
export function codeFolder(format: Format): string {
  const folders = {
    'tsc-esm': 'dist',
    'tsc-cjs': 'lib',
    'esbuild-esm': 'dist/esm',
    'esbuild-cjs': 'dist/cjs',
    typescript: 'src',
    mapped: 'dist',
  };
  return folders[format];
}

/** Returns the folder to deploy, on this machine. */
export function built(sandbox: Sandbox, program: Program, release: Release, format: Format): string {
  const folder = join(sandbox.folder, '.build', program.name, release, format);
  writeSources(join(folder, 'src'), program, release);
  writeFileSync(join(folder, 'package.json'), manifest(program, release, format));
  if (format.startsWith('esbuild')) esbuild(folder, format);
  if (format.startsWith('tsc') || format === 'mapped') tsc(folder, format);
  // Builds with maps beside them bring their sources, as packages that publish maps do.
  if (format !== 'typescript' && format !== 'tsc-esm' && format !== 'mapped')
    rmSync(join(folder, 'src'), { recursive: true });
  for (const name of program.modules)
    cpSync(join(PROGRAMS, 'modules', name), join(folder, 'node_modules', name), { recursive: true });
  return folder;
}

function writeSources(to: string, program: Program, release: Release): void {
  mkdirSync(to, { recursive: true });
  for (const from of [join(PROGRAMS, 'entries'), join(PROGRAMS, program.name, 'src')])
    for (const name of readdirSync(from))
      writeFileSync(
        join(to, name),
        releaseText(readFileSync(join(from, name), 'utf8'), release, program.renamed),
      );
}

function manifest(program: Program, release: Release, format: Format): string {
  const ending = format === 'typescript' ? 'ts' : 'js';
  const value = {
    name: program.name,
    version: release,
    type: format.endsWith('cjs') ? 'commonjs' : 'module',
    main: `./${codeFolder(format)}/main.${ending}`,
    dependencies: Object.fromEntries(program.modules.map((name) => [name, '^1.0.0'])),
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** ECMAScript modules come without maps, CommonJS with them. */
function esbuild(folder: string, format: Format): void {
  const out = join(folder, codeFolder(format));
  mkdirSync(out, { recursive: true });
  for (const name of readdirSync(join(folder, 'src'))) {
    const text = readFileSync(join(folder, 'src', name), 'utf8').replace(
      /(from|import\()( ?'\.\/.*)\.ts'/g,
      "$1$2.js'",
    );
    const file = name.replace(/\.ts$/, '.js');
    const { code, map } = transformSync(text, {
      loader: 'ts',
      format: format === 'esbuild-esm' ? 'esm' : 'cjs',
      target: 'node18',
      platform: 'node',
      sourcefile: `../../src/${name}`,
      sourcemap: format === 'esbuild-cjs' ? 'external' : false,
    });
    if (map === '') writeFileSync(join(out, file), code);
    else {
      writeFileSync(join(out, file), `${code}//# sourceMappingURL=${file}.map\n`);
      writeFileSync(join(out, `${file}.map`), map);
    }
  }
}

/** ECMAScript modules come with maps, CommonJS without. */
function tsc(folder: string, format: Format): void {
  const maps = format === 'tsc-cjs' ? [] : ['--sourceMap', '--inlineSources'];
  const files = readdirSync(join(folder, 'src')).map((name) => join('src', name));
  const options = [
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--rewriteRelativeImportExtensions',
    '--noCheck',
  ];
  const output = ['--outDir', codeFolder(format), '--rootDir', 'src', '--ignoreConfig'];
  execFileSync(process.execPath, [TSC, ...options, ...output, ...maps, ...files], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
