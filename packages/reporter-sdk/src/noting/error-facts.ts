/**
 * Reads a thrown value without running anybody's code: own data properties, the data properties of its prototypes, and
 * V8's own `stack`. Getters are left alone and proxies are not touched, because a throw inside the listener of a dying
 * program would change its exit code, and a getter may do anything at all.
 * @module
 */
import type { ErrorFacts } from '@fr/bucket';
import { util } from '../builtin.ts';

const MAX_MESSAGE = 8 * 1024;
const MAX_STACK = 48 * 1024;
const MAX_CAUSES = 4;
const MAX_ERRORS = 8;
const MAX_PROTOTYPES = 16;

/** The getter that V8 gives every error since Node 24 or so; on older ones `stack` is a data property to us. */
const v8Stack: (() => unknown) | undefined = Object.getOwnPropertyDescriptor(new Error(), 'stack')?.get;

/** What can be known of a thrown value. Never throws, never runs the host's code. */
export function errorFacts(thrown: unknown): ErrorFacts {
  return describe(thrown, 0, new Set());
}

function describe(thrown: unknown, depth: number, seen: Set<object>): ErrorFacts {
  if ((typeof thrown !== 'object' || thrown === null) && typeof thrown !== 'function')
    return { message: clip(String(thrown), MAX_MESSAGE), thrown: thrown === null ? 'null' : typeof thrown };
  if (util.types.isProxy(thrown)) return { message: '', thrown: typeof thrown };
  seen.add(thrown);
  const message = textOf(dataProperty(thrown, 'message'), MAX_MESSAGE);
  return {
    ...(isError(thrown) ? {} : { thrown: typeof thrown }),
    ...optional('name', textOf(dataProperty(thrown, 'name'), 256)),
    ...optional('message', message),
    ...optional('stack', stackOf(thrown, message)),
    ...optional('code', textOrNumber(ownData(thrown, 'code'))),
    ...optional('errno', textOrNumber(ownData(thrown, 'errno'))),
    ...optional('syscall', textOf(ownData(thrown, 'syscall'), 256)),
    ...optional('cause', causeOf(thrown, depth, seen)),
    ...optional('errors', errorsOf(thrown, depth, seen)),
  };
}

function causeOf(thrown: object, depth: number, seen: Set<object>): ErrorFacts | undefined {
  const cause = ownData(thrown, 'cause');
  if (cause === undefined || depth >= MAX_CAUSES || (isObject(cause) && seen.has(cause))) return undefined;
  return describe(cause, depth + 1, seen);
}

function errorsOf(thrown: object, depth: number, seen: Set<object>): readonly ErrorFacts[] | undefined {
  const errors = ownData(thrown, 'errors');
  if (depth >= MAX_CAUSES || !isObject(errors) || util.types.isProxy(errors) || !Array.isArray(errors))
    return undefined;
  const count = Math.min(errors.length, MAX_ERRORS);
  const members = Array.from({ length: count }, (_, index) => ownData(errors, index));
  return members
    .filter((member) => !(isObject(member) && seen.has(member)))
    .map((member) => describe(member, depth + 1, seen));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isError(value: object): boolean {
  if (util.types.isNativeError(value)) return true;
  return prototypesOf(value).includes(Error.prototype);
}

/** The object and its prototypes, up to the first proxy. */
function prototypesOf(value: object): readonly object[] {
  const chain: object[] = [];
  let at: object | null = value;
  while (at !== null && chain.length < MAX_PROTOTYPES && !util.types.isProxy(at)) {
    chain.push(at);
    at = Object.getPrototypeOf(at) as object | null;
  }
  return chain;
}

function ownData(value: object, key: PropertyKey): unknown {
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** The first property of that name on the object or its prototypes, where it is data; a getter hides what is behind it. */
function dataProperty(value: object, key: string): unknown {
  for (const holder of prototypesOf(value)) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property) return property.value;
  }
  return undefined;
}

function stackOf(thrown: object, message: string | undefined): string | undefined {
  try {
    const property = Object.getOwnPropertyDescriptor(thrown, 'stack');
    const stack: unknown = property?.get === undefined ? property?.value : engineStack(thrown, property.get);
    return typeof stack === 'string' ? clip(withShortMessage(stack, thrown, message), MAX_STACK) : undefined;
  } catch {
    // The host's own Error.prepareStackTrace threw.
    return undefined;
  }
}

/**
 * What the engine keeps inside the error; no property of that name is looked up. Printing it for the first time reads
 * name and message, as Node will when it prints the error; behind a `stack` that is not the engine's (or of another
 * realm) Node would not, so there only where reading them can run nothing.
 */
function engineStack(thrown: object, getter: () => unknown): unknown {
  if (v8Stack === undefined) return undefined;
  const safe = getter === v8Stack || (isInert(thrown, 'name') && isInert(thrown, 'message'));
  return safe ? Reflect.apply(v8Stack, thrown, []) : undefined;
}

/** Whether reading a property and printing its value runs nobody's code. */
function isInert(value: object, key: string): boolean {
  for (const holder of prototypesOf(value)) {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    if (property) return property.get === undefined && Object(property.value) !== property.value;
  }
  // Not found: there may be a proxy at the end of the chain, which would be asked.
  return false;
}

/** A message of megabytes stands in front of the frames, which are what matters. */
function withShortMessage(stack: string, thrown: object, message: string | undefined): string {
  const whole = dataProperty(thrown, 'message');
  if (typeof whole !== 'string' || message === undefined || whole.length <= MAX_MESSAGE) return stack;
  const at = stack.indexOf(whole);
  return at < 0 ? stack : stack.slice(0, at) + message + stack.slice(at + whole.length);
}

function textOf(value: unknown, limit: number): string | undefined {
  return typeof value === 'string' ? clip(value, limit) : undefined;
}

function textOrNumber(value: unknown): string | number | undefined {
  return typeof value === 'number' ? value : textOf(value, 256);
}

function clip(text: string, limit: number): string {
  return text.length <= limit ? text : text.slice(0, limit);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
