import { fileURLToPath } from 'node:url';
import { runProgram } from '@fr/server/command';
import { type Ended, runNode, type ServerProcess, startServer } from '@fr/test-harness';
import { jsonHere, runHere } from '@fr/test-harness/in-process';
import { fileServerProgram } from '../../src/program.ts';

const SOURCES = ['-C', '@fr/source', fileURLToPath(new URL('../../src/main.ts', import.meta.url))];

const run = (words: readonly string[]): Promise<number> => runProgram(fileServerProgram(), words);

type Environment = Readonly<Record<string, string>>;

/** Runs `fr-admin` from its sources to its end, in a process of its own. */
export function frAdmin(
  words: readonly string[],
  options: { readonly env?: Environment; readonly input?: string } = {},
): Promise<Ended> {
  return runNode([...SOURCES, ...words], options);
}

/** Runs it inside the test's process: for commands that neither serve nor read stdin. */
export function frAdminHere(words: readonly string[], env?: Environment): Promise<Omit<Ended, 'signal'>> {
  return runHere(run, words, env);
}

/** The same with `--json`: the one value it prints. */
export function frAdminJson<T>(words: readonly string[]): Promise<T> {
  return jsonHere<T>(run, words);
}

/** A file server in a process of its own, on a free port. */
export function serveSite(words: readonly string[], env: Environment = {}): Promise<ServerProcess> {
  return startServer(SOURCES, ['--port', '0', ...words], { env });
}
