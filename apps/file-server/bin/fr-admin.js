#!/usr/bin/env node
// Node 22 calls its SQLite experimental, on stderr, at every start. We know, and test on it.
const { emitWarning } = process;
process.emitWarning = (warning, ...rest) => {
  if (!String(warning).startsWith('SQLite is an experimental')) emitWarning.call(process, warning, ...rest);
};
await import('../dist/main.js');
