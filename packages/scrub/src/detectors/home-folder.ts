import { ALNUM, BLANK, charAt, codeAt, DASH, is, LETTER, LINE_END, QUOTE, WORD } from '../character.ts';
import { before, type Finding, type Page, saw } from '../page.ts';

/** The folder of a person becomes `~`; what lies below it stays readable. */

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

/** Wakes at `/`, and at the first backslash of a listed network folder. */
export function detectHomeFolder(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const listed = listedFolder(page, at);
  if (listed !== undefined) return listed;
  const next = codeAt(text, at + 1);
  if (next !== 104 && next !== 85) return undefined;
  const root = UNIX_ROOTS.find((folder) => text.startsWith(folder, at));
  if (root === undefined) return undefined;
  const start = pathStart(page, at);
  const end = nameEnd(text, at + root.length);
  if (start < 0 || end <= at + root.length || NOBODY.has(text.slice(at + root.length, end)))
    return saw(page, end + 1);
  return { rule: 'home-folder', start, end, replacement: '~' };
}

/** Wakes at `:`; the drive letter stands in front of it. */
export function detectDriveFolder(page: Page, at: number): Finding | undefined {
  const { text } = page;
  const next = codeAt(text, at + 1);
  if ((next !== SLASH && next !== BACKSLASH) || at <= page.floor || !is(codeAt(text, at - 1), LETTER))
    return undefined;
  if (at - 1 > page.floor && is(codeAt(text, at - 2), WORD)) return undefined;
  const listed = listedFolder(page, at - 1);
  if (listed !== undefined) return listed;
  const name = windowsRootEnd(text, at + 1, next);
  if (name < 0) return undefined;
  const end = windowsNameEnd(text, name);
  if (end <= name || NOBODY.has(text.slice(name, end))) return saw(page, name + NAME_LIMIT);
  return { rule: 'home-folder', start: at - 1, end, replacement: '~' };
}

/** Behind `\Users\` or `\Documents and Settings\`, with as many separators behind the word as in front; or -1. */
function windowsRootEnd(text: string, at: number, separator: number): number {
  let word = at;
  while (word < at + 8 && codeAt(text, word) === separator) word += 1;
  const root = WINDOWS_ROOTS.find((name) => text.slice(word, word + name.length).toLowerCase() === name);
  if (root === undefined) return -1;
  const end = word + root.length;
  for (let count = 0; count < word - at; count += 1) {
    if (codeAt(text, end + count) !== separator) return -1;
  }
  return end + word - at;
}

function listedFolder(page: Page, at: number): Finding | undefined {
  for (const folder of page.settings.homeFolders) {
    const end = at + folder.length;
    if (!samePath(page.text, at, folder)) continue;
    if (is(codeAt(page.text, end), WORD | DASH)) {
      saw(page, end + 1);
      continue;
    }
    const previous = before(page, at);
    if (!is(previous, WORD) && previous !== 126)
      return { rule: 'home-folder', start: at, end, replacement: '~' };
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
  const { text } = page;
  const previous = before(page, at);
  if (previous === SLASH) return at >= 2 && codeAt(text, at - 2) === COLON ? -1 : at;
  if (!is(previous, WORD | DASH) && !'.~]'.includes(String.fromCharCode(previous)))
    return isRoute(text, at) ? -1 : at;
  const mount = MOUNTS.find(
    (folder) => at - folder.length >= page.floor && text.startsWith(folder, at - folder.length),
  );
  if (mount !== undefined) return is(before(page, at - mount.length), WORD) ? -1 : at - mount.length;
  // A compiler flag: -I/home/name/include.
  return is(previous, LETTER) && is(codeAt(text, at - 2), DASH) && !is(codeAt(text, at - 3), WORD) ? at : -1;
}

/** `GET /home/page` is a request, not a folder. */
function isRoute(text: string, at: number): boolean {
  return /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) $/.test(text.slice(Math.max(0, at - 9), at));
}

function nameEnd(text: string, start: number): number {
  let end = start;
  while (end < start + NAME_LIMIT && isNameCharacter(codeAt(text, end))) end += 1;
  return end > start && codeAt(text, end - 1) === 46 ? end - 1 : end;
}

function isNameCharacter(code: number): boolean {
  return is(code, WORD | DASH) || code === 46 || code === 43 || code === 37 || code === 36 || code > 0xa0;
}

/** A name with blanks counts when a separator ends it: `C:\Users\Ann Lee\app`. */
function windowsNameEnd(text: string, start: number): number {
  let end = start;
  while (end < start + NAME_LIMIT) {
    const code = codeAt(text, end);
    if (code === BACKSLASH || code === SLASH) return end;
    if (
      is(code, LINE_END | QUOTE) ||
      !(code > 0xa0 || is(code, ALNUM | BLANK | DASH) || "._+%$~()'&@!".includes(charAt(text, end)))
    )
      break;
    end += 1;
  }
  return nameEnd(text, start);
}
