/**
 * The programs as tests run them: from their sources, in processes of their own.
 * @module
 */
import { join } from 'node:path';
import { runNode } from '@fr/test-harness';
import { ROOT } from '../src/harness/paths.ts';

type Program = readonly string[];

export const ADMIN: Program = sources('apps/file-server/src/main.ts');
export const DESTINATION: Program = sources('apps/destination-server/src/main.ts');
export const REPORTER: Program = sources('packages/reporter-sdk/src/fr-reporter.ts');
/** A program that fails when it is told to. */
export const HOST: Program = sources('apps/systemtest/test/hosts/till.mjs');

/** What a command prints; throws where it exits otherwise than with 0. */
export async function ok(program: Program, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runNode([...program, ...words]);
  if (code !== 0) throw new Error(`${words.join(' ')} exited ${code}: ${stderr}${stdout}`);
  return stdout.trim();
}

/** The same, as JSON. */
export async function json<T>(program: Program, words: readonly string[]): Promise<T> {
  return JSON.parse(await ok(program, [...words, '--json'])) as T;
}

function sources(path: string): Program {
  return ['-C', '@fr/source', join(ROOT, path)];
}
