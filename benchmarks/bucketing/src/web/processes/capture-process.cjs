/**
 * Loaded by every process before its program: notes the first uncaught failure as a reporter in the process could
 * read it, in the file that FR_CAPTURE names, and ends the process.
 */
'use strict';
const { writeFileSync } = require('node:fs');

const DEEPEST = 8;
const file = process.env.FR_CAPTURE;
globalThis.SHOP_WISH = process.env.SHOP_WISH;
globalThis.SHOP_API = process.env.SHOP_API;

process.on('uncaughtException', end);
process.on('unhandledRejection', end);

function end(thrown) {
  writeFileSync(file, JSON.stringify(factsOf(thrown, 0)));
  process.exit(1);
}

function factsOf(thrown, depth) {
  if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function'))
    return { message: String(thrown), thrown: thrown === null ? 'null' : typeof thrown };
  return {
    ...(thrown instanceof Error || 'stack' in thrown ? {} : { thrown: typeof thrown }),
    ...own(thrown, ['name', 'message', 'stack', 'code', 'syscall'], ['string']),
    ...own(thrown, ['errno'], ['string', 'number']),
    ...(depth < DEEPEST ? inside(thrown, depth + 1) : {}),
  };
}

function inside(thrown, depth) {
  return {
    ...(thrown.cause === undefined ? {} : { cause: factsOf(thrown.cause, depth) }),
    ...(Array.isArray(thrown.errors) ? { errors: thrown.errors.map((one) => factsOf(one, depth)) } : {}),
  };
}

function own(thrown, keys, types) {
  const there = keys.filter((key) => types.includes(typeof thrown[key]));
  return Object.fromEntries(there.map((key) => [key, thrown[key]]));
}
