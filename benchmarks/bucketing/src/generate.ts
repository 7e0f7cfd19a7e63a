/**
 * Makes the corpus anew: `node src/generate.ts [COLLECTION…]`, all collections when none is named. Programs that were
 * broken on purpose run on real Nodes and browsers, fail, and what a reporter could read of each failure becomes a case.
 */
import { join } from 'node:path';
import type { Corpus } from './case.ts';
import { writeCollection } from './corpus-file.ts';

const CORPUS = join(import.meta.dirname, '..', 'corpus');

/** Loaded when asked for: each collection brings its own tools. */
const COLLECTIONS: Readonly<Record<string, () => Promise<Corpus>>> = {
  web: async () => (await import('./web/collection.ts')).webCollection(),
  own: async () => (await import('./generate/own/collection.ts')).ownCollection(),
  npm: async () => (await import('./npm/collection.ts')).npmCollection(),
};

const wanted = process.argv.slice(2);
for (const name of wanted.length === 0 ? Object.keys(COLLECTIONS) : wanted) {
  const make = COLLECTIONS[name];
  if (make === undefined)
    throw new Error(`no collection ${name}; there are ${Object.keys(COLLECTIONS).join(', ')}`);
  const started = Date.now();
  const corpus = await make();
  writeCollection(CORPUS, name, corpus);
  const faults = new Set(corpus.cases.map((one) => one.fault)).size;
  console.log(
    `${name}: ${faults} faults, ${corpus.cases.length} cases, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
