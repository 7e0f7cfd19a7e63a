/**
 * The corpus on disk: one folder per collection, `cases.ndjson` beside `texts.ndjson`, both gzip. Texts are kept
 * once, under the first 16 hexadecimal digits of their SHA-256.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Case, Corpus } from './case.ts';

const CASES = 'cases.ndjson.gz';
const TEXTS = 'texts.ndjson.gz';

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Name under which a text is kept. */
export function textName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** Replaces one collection. */
export function writeCollection(corpusFolder: string, collection: string, corpus: Corpus): void {
  const folder = join(corpusFolder, collection);
  mkdirSync(folder, { recursive: true });
  const texts: NamedText[] = [...corpus.texts].map(([name, text]) => ({ name, text }));
  writeFileSync(join(folder, CASES), packed(corpus.cases));
  writeFileSync(join(folder, TEXTS), packed(texts));
}

/** Every collection below a folder, or those named. */
export function readCorpus(corpusFolder: string, collections: readonly string[] = []): Corpus {
  const found = existsSync(corpusFolder) ? readdirSync(corpusFolder).sort() : [];
  const wanted = collections.length === 0 ? found : found.filter((name) => collections.includes(name));
  const cases: Case[] = [];
  const texts = new Map<string, string>();
  for (const name of wanted.filter((folder) => existsSync(join(corpusFolder, folder, CASES)))) {
    cases.push(...unpacked<Case>(join(corpusFolder, name, CASES)));
    for (const { name: key, text } of unpacked<NamedText>(join(corpusFolder, name, TEXTS)))
      texts.set(key, text);
  }
  return { cases, texts };
}

function packed(rows: readonly unknown[]): Buffer {
  return gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join(''), { level: 9 });
}

function unpacked<Row>(file: string): Row[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}
