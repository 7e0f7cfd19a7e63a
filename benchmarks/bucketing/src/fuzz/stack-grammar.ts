/** Stacks as an engine could print them, of programs at any place: well-formed, and stranger than real ones. */
import type { Random } from './random.ts';

const NAMES: readonly [string, ...string[]] = [
  'totalOf',
  'Basket.add',
  'Basket.#sum',
  'new Basket',
  'async load',
  'Object.<anonymous>',
  '<anonymous>',
  'Function.from [as make]',
  'get size',
  'get size [as size]',
  'Object.default',
  'exports.run',
  'Proxy.handle',
  'eval',
  'größe',
  '$',
  '_',
  'a',
  'assert',
  'createError',
  'Array.map',
  'x.y.z.<computed> [as 0]',
  '<static_initializer>',
  'Module.parse',
];

const OWN_FILES: readonly [string, ...string[]] = [
  'src/price.js',
  'src/cart/index.js',
  'src/a b.js',
  'src/(group)/page.ts',
  'src/[id].js',
  'src/ä.mjs',
  'dist/esm/price.mjs',
  'lib/x.cjs',
  'src/@scope/x.js',
  'src/no-extension',
  'src/100%.js',
  'src/a:1:2.js',
];

const MODULE_FILES: readonly [string, ...string[]] = [
  'node_modules/yaml/dist/index.js',
  'node_modules/@acme/kit/lib/a.js',
  'node_modules/.pnpm/yaml@2.1.0_x@1/node_modules/yaml/index.js',
  '.yarn/cache/yaml-npm-2.1.0-0123456789-abcdef0123.zip/node_modules/yaml/index.js',
  'node_modules/http-errors/index.js',
];

const ELSEWHERE: readonly [string, ...string[]] = [
  'node:internal/modules/cjs/loader:1105:14',
  'node:events:513:28',
  '<anonymous>',
  'native',
  'index 0',
  'wasm://wasm/ab12cd:wasm-function[12]:0x1a2',
  'ext:core/01_core.js:1:2',
  'https://cdn.example/npm/yaml@2.1.0/+esm:1:20',
];

const FOLDERS: readonly [string, ...string[]] = [
  'srv',
  'app',
  'home',
  'Users',
  'usr',
  'src',
  'dist',
  'My Programs (x86)',
  'größe',
  '@work',
  '[a]',
  'a#b',
  'a%20b',
  'C',
  '1.2.3',
  'shop',
  "it's",
  'x:y',
];

export interface Root {
  readonly folder: string;
  readonly windows: boolean;
  readonly url: boolean;
}

export function rootFolder(random: Random): Root {
  const parts = [random.pick(FOLDERS), ...random.list(4, () => random.pick(FOLDERS))];
  const windows = random.oneIn(3);
  const plain = windows ? parts.map((part) => part.replace(':', '')) : parts;
  const start = windows ? random.pick(['C:\\', 'd:\\', '\\\\host\\share\\']) : '/';
  return { folder: start + plain.join(windows ? '\\' : '/'), windows, url: random.oneIn(3) };
}

/** A frame of a well-formed stack, before anybody knows where the program lies. */
export interface DraftFrame {
  readonly name: string;
  /** Inside the program, or as it is printed. */
  readonly file: string;
  readonly inside: boolean;
  readonly line: number;
  readonly column: number;
}

export function draftFrames(random: Random, most = 12): DraftFrame[] {
  return random.list(most, () => draftFrame(random));
}

export function ownFrame(random: Random): DraftFrame {
  return { ...draftFrame(random), file: random.pick(OWN_FILES), inside: true };
}

function draftFrame(random: Random): DraftFrame {
  const outside = random.oneIn(5);
  const inside = random.oneIn(3) ? random.pick(MODULE_FILES) : random.pick(OWN_FILES);
  return {
    name: random.oneIn(8) ? '' : random.pick(NAMES),
    file: outside ? random.pick(ELSEWHERE) : inside,
    inside: !outside,
    line: 1 + random.below(60),
    column: 1 + random.below(90),
  };
}

export function printedV8(frames: readonly DraftFrame[], root: Root): string {
  return frames
    .map((frame) => {
      const place = placeOf(frame, root);
      return frame.name === '' ? `    at ${place}` : `    at ${frame.name} (${place})`;
    })
    .join('\n');
}

/** As Firefox and Safari do. */
export function printedOther(frames: readonly DraftFrame[], root: Root): string {
  return frames.map((frame) => `${frame.name}@${placeOf(frame, root)}`).join('\n');
}

function placeOf({ file, inside, line, column }: DraftFrame, { folder, windows, url }: Root): string {
  if (!inside) return file;
  const path = `${folder}/${file}`;
  const printed = windows ? path.replaceAll('/', '\\') : path;
  return `${url ? fileUrl(printed) : printed}:${line}:${column}`;
}

function fileUrl(path: string): string {
  const slashed = path.replaceAll('\\', '/').replace(/^\/\//, '');
  const encoded = slashed.split('/').map(encodeURIComponent).join('/').replace(/%3A/g, ':');
  return path.startsWith('\\\\') ? `file://${encoded}` : `file://${encoded.replace(/^(?=[A-Za-z]:)/, '/')}`;
}
