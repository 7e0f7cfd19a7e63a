/**
 * Administration as a list of verbs, each with one implementation and three ways to reach it: in the same process
 * (a command on a folder nobody serves), through the folder's socket, and over HTTP with an administrator's token.
 * @module
 */
import { ServerError } from '../http/server-error.ts';

/** Parameters of a verb: plain JSON. Over HTTP a reading verb gets them from the query, so every value may be text. */
export type Params = Readonly<Record<string, unknown>>;

/** One thing an administrator can see or do. */
export interface Verb {
  /** As in the command line and the path: lower-case words joined by `-`. */
  readonly name: string;
  /** Whether it changes anything: then it is a `POST`, and goes to the process that holds the folder. */
  readonly acts: boolean;
  /** Returns plain JSON; throws {@link ServerError} for what the caller did wrong. */
  readonly run: (params: Params) => Promise<unknown>;
}

/** Calls a verb by name. */
export async function callVerb(verbs: readonly Verb[], name: string, params: Params): Promise<unknown> {
  const verb = verbs.find((candidate) => candidate.name === name);
  if (!verb)
    throw new ServerError(
      'not-found',
      404,
      `There is no "${name}" here; there are ${verbs.map((each) => each.name).join(', ')}.`,
    );
  return await verb.run(params);
}

/** A text parameter, or nothing; anything but text is refused. */
export function textParam(params: Params, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new ServerError('malformed', 400, `"${name}" must be text.`);
}

/** A text parameter that must be there. */
export function neededParam(params: Params, name: string): string {
  const value = textParam(params, name);
  if (value !== undefined) return value;
  throw new ServerError('malformed', 400, `"${name}" is missing.`);
}

/** One of a few texts, or nothing. */
export function oneOf<T extends string>(params: Params, name: string, values: readonly T[]): T | undefined {
  const text = textParam(params, name);
  if (text === undefined) return undefined;
  const value = values.find((one) => one === text);
  if (value !== undefined) return value;
  throw new ServerError('malformed', 400, `"${name}" must be one of ${values.join(', ')}.`);
}

/** A whole number, as such or as text. */
export function numberParam(params: Params, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new ServerError('malformed', 400, `"${name}" must be a whole number.`);
}

/** True for `true` and `"true"`. */
export function flagParam(params: Params, name: string): boolean {
  return params[name] === true || params[name] === 'true';
}

/** A list of texts; one text counts as a list of one. */
export function listParam(params: Params, name: string): readonly string[] {
  const value = params[name];
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((item) => typeof item === 'string')) return list;
  throw new ServerError('malformed', 400, `"${name}" must be a list of texts.`);
}
