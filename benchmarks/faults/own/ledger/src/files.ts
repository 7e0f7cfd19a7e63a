import { execFileSync, spawn } from 'node:child_process';
import { createReadStream, readdirSync, readFile, readFileSync, stat } from 'node:fs';
import { readFile as readLater } from 'node:fs/promises';

/** Settings beside the book. */
export function readSettings(path: string): unknown {
  const text = readFileSync(path, 'utf8');
  //+ const size = text.length;
  return JSON.parse(text);
}

/** Books in a folder. */
export function listBooks(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => name.endsWith('.book'));
}

/** Shows a book. */
export function show(path: string): void {
  readFile(path, 'utf8', (error, text) => {
    if (error) throw error;
    console.log(text.length);
  });
}

/** Says how large a book is. */
export function size(path: string): void {
  stat(path, (error, found) => {
    //+ const asked = path;
    if (error) throw error;
    console.log(found.size);
  });
}

/** Prints a book as it comes. */
export function print(path: string): void {
  createReadStream(path).on('data', (part) => console.log(part.length));
}

/** The book itself. */
export async function loadBook(path: string): Promise<string> {
  const text = await readLater(path, 'utf8');
  return text.trim();
}

/** Exchange rates; there are always some. */
export async function loadRates(path: string): Promise<readonly string[]> {
  //+ const started = Date.now();
  const text = await readLater(path, 'utf8');
  return text.split('\n');
}

/** Both. */
export async function loadAll(book: string, rates: string): Promise<readonly unknown[]> {
  return [await loadBook(book), await loadRates(rates)];
}

/** Packs a book with whatever packer is set. */
export function pack(packer: string, path: string): string {
  return execFileSync(packer, ['-9', path], { encoding: 'utf8', stdio: 'pipe' });
}

/** Opens a book in an editor. */
export function edit(editor: string, path: string): void {
  spawn(editor, [path], { stdio: 'ignore' });
}
