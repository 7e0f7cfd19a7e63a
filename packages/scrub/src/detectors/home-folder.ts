import { type Detector, type Finding, finding } from '../detector.ts';
import {
  codeAt,
  DASH,
  FOLDER_NAME,
  is,
  LETTER,
  skip,
  spells,
  spellsAnyCase,
  WINDOWS_NAME,
  WORD,
} from '../scanning/character.ts';
import { before, farBefore, type Page, saw } from '../scanning/page.ts';

/** The folder of a person becomes `~`; what lies below it stays readable. */
export const HOME_FOLDER: Detector = { wakes: [['/', 'hU']], detect: detectHomeFolder };
export const DRIVE_FOLDER: Detector = { wakes: [[':', '/\\']], detect: detectDriveFolder };

const SLASH = 47;
const BACKSLASH = 92;
const COLON = 58;
const NAME_LIMIT = 64;

/** Folders that belong to no person. */
const NOBODY: ReadonlySet<string> = new Set(['Shared', 'Public', 'Default', 'All Users', 'Default User']);
const UNIX_ROOTS: readonly string[] = ['/home/', '/Users/'];
const WINDOWS_ROOTS: readonly string[] = ['users', 'documents and settings'];
/** Where a `/home` or `/Users` is still that of the machine. */
const MOUNTS: readonly string[] = [
  '/var',
  '/usr',
  '/export',
  '/mnt/c',
  '/c',
  '/System/Volumes/Data',
  '/private',
  '/host',
];

/** Looks also where a folder of the local settings begins (`wakes.ts`). */
function detectHomeFolder(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  const listed = listedFolder(page, at);
  if (listed !== undefined) return listed;
  const root = UNIX_ROOTS.find((folder) => spells(codes, at, folder));
  if (root === undefined) return undefined;
  const start = pathStart(page, at);
  const end = nameEnd(codes, at + root.length);
  if (start < 0 || end <= at + root.length || NOBODY.has(page.text.slice(at + root.length, end)))
    return saw(page, end + 1);
  return finding('home-folder', start, end, end, '~');
}

/** The drive letter stands in front of the wake character. */
function detectDriveFolder(page: Page, at: number): Finding | undefined {
  const { codes } = page;
  const next = codeAt(codes, at + 1);
  if (at <= page.floor || !is(codeAt(codes, at - 1), LETTER)) return undefined;
  if (at - 1 > page.floor && is(codeAt(codes, at - 2), WORD)) return undefined;
  const listed = listedFolder(page, at - 1);
  if (listed !== undefined) return listed;
  const name = windowsRootEnd(codes, at + 1, next);
  if (name < 0) return undefined;
  const end = windowsNameEnd(codes, name);
  if (end <= name || NOBODY.has(page.text.slice(name, end))) return saw(page, name + NAME_LIMIT);
  return finding('home-folder', at - 1, end, end, '~');
}

/** Behind `\Users\` or `\Documents and Settings\`, with as many separators behind the word as in front; or -1. */
function windowsRootEnd(codes: Uint8Array, at: number, separator: number): number {
  let word = at;
  while (word < at + 8 && codeAt(codes, word) === separator) word += 1;
  const root = WINDOWS_ROOTS.find((name) => spellsAnyCase(codes, word, name));
  if (root === undefined) return -1;
  const end = word + root.length;
  for (let count = 0; count < word - at; count += 1) {
    if (codeAt(codes, end + count) !== separator) return -1;
  }
  return end + word - at;
}

function listedFolder(page: Page, at: number): Finding | undefined {
  for (const folder of page.settings.homeFolders) {
    const end = at + folder.length;
    if (!samePath(page.text, at, folder)) continue;
    if (is(codeAt(page.codes, end), WORD | DASH)) {
      saw(page, end + 1);
      continue;
    }
    const previous = before(page, at);
    if (!is(previous, WORD) && previous !== 126) return finding('home-folder', at, end, end, '~');
  }
  return undefined;
}

/** Windows takes either separator and any case. */
function samePath(text: string, at: number, folder: string): boolean {
  if (folder.startsWith('/')) return text.startsWith(folder, at);
  const found = text
    .slice(at, at + folder.length)
    .replaceAll('/', '\\')
    .toLowerCase();
  return found === folder.replaceAll('/', '\\').toLowerCase();
}

/** Where the absolute path begins whose `/home` or `/Users` stands at `at`; -1 when it lies inside another path. */
function pathStart(page: Page, at: number): number {
  const { codes } = page;
  const previous = before(page, at);
  if (previous === SLASH) return farBefore(page, at, 2) === COLON ? -1 : at;
  if (!is(previous, WORD | DASH) && previous !== 46 && previous !== 126 && previous !== 93)
    return isRoute(page, at) ? -1 : at;
  const mount = MOUNTS.find(
    (folder) => at - folder.length >= page.floor && spells(codes, at - folder.length, folder),
  );
  if (mount !== undefined) return is(before(page, at - mount.length), WORD) ? -1 : at - mount.length;
  // A compiler flag: -I/home/name/include.
  return is(previous, LETTER) && is(farBefore(page, at, 2), DASH) && !is(farBefore(page, at, 3), WORD)
    ? at
    : -1;
}

/** `GET /home/page` is a request, not a folder. */
function isRoute({ text, floor }: Page, at: number): boolean {
  return /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) $/.test(text.slice(Math.max(floor, at - 9), at));
}

function nameEnd(codes: Uint8Array, start: number): number {
  const end = skip(codes, start, FOLDER_NAME, start + NAME_LIMIT);
  return end > start && codeAt(codes, end - 1) === 46 ? end - 1 : end;
}

/** A name with blanks counts when a separator ends it: `C:\Users\Ann Lee\app`. */
function windowsNameEnd(codes: Uint8Array, start: number): number {
  const end = skip(codes, start, WINDOWS_NAME, start + NAME_LIMIT);
  const code = codeAt(codes, end);
  if (end < start + NAME_LIMIT && (code === BACKSLASH || code === SLASH)) return end;
  return nameEnd(codes, start);
}
