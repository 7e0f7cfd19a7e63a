/**
 * Carries a command's verb to where it can be done: with `--server` to that server; with `--data` reading goes
 * straight to the folder, and acts go to the server that holds it, or are done here while nobody does.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '@fr/store';
import { callVerb, type Params, type Verb } from '../../administration/verb.ts';
import { CommandError } from '../command-error.ts';
import { callServer } from './call-server.ts';
import { openFolder } from './open-folder.ts';
import { findServer } from './running-server.ts';

/** Options every command has. */
export interface ReachOptions {
  readonly data?: string;
  readonly server?: string;
  readonly token?: string;
}

/** An opened folder with its verbs. */
export interface Opened {
  readonly verbs: readonly Verb[];
  close(): Promise<void>;
}

/** Opens a folder in this process; `readOnly` beside whoever serves it. */
export type Open = (dir: string, readOnly: boolean) => Promise<Opened>;

/** Does one verb and returns its result. */
export async function reach(
  options: ReachOptions,
  open: Open,
  verb: Pick<Verb, 'name' | 'acts'>,
  params: Params,
): Promise<unknown> {
  if (options.server !== undefined)
    return await callServer({ url: options.server, token: options.token }, verb, params);
  const dir = options.data;
  if (dir === undefined)
    throw new CommandError(
      'usage',
      'say which server: --data DIR for a folder here, or --server URL --token T',
    );
  if (!verb.acts) return await inFolder(open, dir, true, verb, params);
  return await act(open, dir, verb, params);
}

/** Tries while another command, or a server that is just starting or stopping, has the folder. */
const ATTEMPTS = 20;
const PAUSE_MS = 150;

async function act(
  open: Open,
  dir: string,
  verb: Pick<Verb, 'name' | 'acts'>,
  params: Params,
): Promise<unknown> {
  for (let attempt = 1; ; attempt += 1) {
    const done = await serverActs(dir, verb, params);
    if (done) return done.value;
    try {
      return await inFolder(open, dir, false, verb, params);
    } catch (error) {
      const held = error instanceof StoreError && error.code === 'in-use';
      if (!held || attempt === ATTEMPTS) throw error;
    }
    await sleep(PAUSE_MS);
  }
}

/** Nothing where no server has the folder, or only the record of one that was killed is left. */
async function serverActs(
  dir: string,
  verb: Pick<Verb, 'name' | 'acts'>,
  params: Params,
): Promise<{ readonly value: unknown } | undefined> {
  const running = await findServer(dir);
  if (!running) return undefined;
  try {
    return { value: await callServer({ socket: running.socket }, verb, params) };
  } catch (error) {
    if (error instanceof CommandError && error.code === 'unreachable') return undefined;
    throw error;
  }
}

async function inFolder(
  open: Open,
  dir: string,
  readOnly: boolean,
  verb: Pick<Verb, 'name'>,
  params: Params,
): Promise<unknown> {
  const opened = await openFolder(dir, () => open(dir, readOnly));
  try {
    return await callVerb(opened.verbs, verb.name, params);
  } finally {
    await opened.close();
  }
}
