/**
 * Loaded before the program (`--require`): notes the uncaught failure as a host's reporter could read it, and lets the
 * program die as it would have. FR_CAPTURE names the file for the facts, FR_STACK_LIMIT sets Error.stackTraceLimit.
 * Plain CommonJS, because the oldest Node of the corpus loads it too.
 */
'use strict';
const { writeFileSync } = require('node:fs');

const DEEPEST = 8;
const file = process.env.FR_CAPTURE;
const limit = process.env.FR_STACK_LIMIT;
if (limit !== undefined) Error.stackTraceLimit = Number(limit);
delete process.env.FR_CAPTURE;
delete process.env.FR_STACK_LIMIT;

process.once('uncaughtExceptionMonitor', (thrown) => {
  writeFileSync(file, JSON.stringify(factsOf(thrown, 0)));
});

function factsOf(thrown, depth) {
  if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function'))
    return { message: String(thrown), thrown: thrown === null ? 'null' : typeof thrown };
  return {
    ...(thrown instanceof Error || 'stack' in thrown ? {} : { thrown: typeof thrown }),
    ...own(thrown, ['name', 'message', 'stack', 'syscall'], ['string']),
    ...own(thrown, ['code', 'errno'], ['string', 'number']),
    ...(depth < DEEPEST ? inside(thrown, depth + 1) : {}),
  };
}

function inside(thrown, depth) {
  const cause = carried(thrown, 'cause');
  const errors = carried(thrown, 'errors');
  return {
    ...(cause === undefined ? {} : { cause: factsOf(cause, depth) }),
    ...(Array.isArray(errors) ? { errors: errors.map((one) => factsOf(one, depth)) } : {}),
  };
}

/** Only what the error itself holds: `cause` is a method of some classes, `errors` a getter of others. */
function carried(thrown, key) {
  return Object.getOwnPropertyDescriptor(thrown, key)?.value;
}

function own(thrown, keys, types) {
  const there = keys.filter((key) => types.includes(typeof thrown[key]));
  return Object.fromEntries(there.map((key) => [key, thrown[key]]));
}
