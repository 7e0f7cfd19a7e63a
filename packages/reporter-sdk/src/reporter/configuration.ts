import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lastSettings } from '../guard/ended-run.ts';
import type { Environment } from '../host/settings/settings.ts';
import { defaultSpoolFolder, stateFolder } from '../spool/folder/default-folder.ts';
import type { Spool } from '../spool/spool.ts';
import { readSettings } from '../spool/stored-settings.ts';
import { UsageError } from './command/usage.ts';

/** Where a reporter sends to. */
export interface Configuration {
  readonly server: string;
  readonly key: string;
}

/** The folder meant: `--spool`, `FR_SPOOL_DIR`, that of `FR_PROGRAM`, or the only one this user has. */
export function chooseSpool(given: string | undefined, environment: Environment): string {
  const named = given ?? environment['FR_SPOOL_DIR'];
  if (named) return resolve(named);
  if (environment['FR_PROGRAM']) return defaultSpoolFolder(environment['FR_PROGRAM'], environment);
  const state = stateFolder(environment);
  const [only, ...others] = existsSync(state) ? readdirSync(state) : [];
  if (only === undefined) throw new UsageError(`there is no spool in ${state}; name one with --spool DIR`);
  if (others.length > 0)
    throw new UsageError(
      `there are spools of several programs in ${state} (${[only, ...others].join(', ')}); name one with --spool DIR`,
    );
  return join(state, only);
}

/** Server and key: from the environment, else as the program noted them. */
export function configurationOf(spool: Spool, environment: Environment): Configuration {
  const noted = readSettings(spool);
  // A program that has died before it could note anything has left no more than its marker.
  const stored = noted.server === '' ? (lastSettings(spool.folder) ?? noted) : noted;
  if (environment['FR_SERVER'])
    return {
      server: environment['FR_SERVER'],
      key: environment['FR_KEY'] ?? (environment['FR_SERVER'] === stored.server ? stored.key : ''),
    };
  return { server: stored.server, key: environment['FR_KEY'] || stored.key };
}

/** The address, or nothing where it is none we could speak to. */
export function serverUrl(server: string): URL | undefined {
  if (!URL.canParse(server)) return undefined;
  const url = new URL(server);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
