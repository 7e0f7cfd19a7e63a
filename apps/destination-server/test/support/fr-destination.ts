import { fileURLToPath } from 'node:url';
import { runProgram } from '@fr/server/command';
import { type Ended, runNode, type ServerProcess, startServer } from '@fr/test-harness';
import { jsonHere, runHere } from '@fr/test-harness/in-process';
import { destinationProgram } from '../../src/program.ts';

const SOURCES = ['-C', '@fr/source', fileURLToPath(new URL('../../src/main.ts', import.meta.url))];

const run = (words: readonly string[]): Promise<number> => runProgram(destinationProgram(), words);

type Environment = Readonly<Record<string, string>>;

/** Runs `fr-destination` from its sources to its end, in a process of its own. */
export function frDestination(
  words: readonly string[],
  options: { readonly env?: Environment; readonly input?: string } = {},
): Promise<Ended> {
  return runNode([...SOURCES, ...words], options);
}

/** Runs it inside the test's process: for commands that neither serve nor read stdin. */
export function frDestinationHere(
  words: readonly string[],
  env?: Environment,
): Promise<Omit<Ended, 'signal'>> {
  return runHere(run, words, env);
}

/** The same with `--json`: the one value it prints. */
export function frDestinationJson<T>(words: readonly string[]): Promise<T> {
  return jsonHere<T>(run, words);
}

/** A destination server in a process of its own, on a free port. */
export function serveVendor(words: readonly string[], env: Environment = {}): Promise<ServerProcess> {
  return startServer(SOURCES, ['--port', '0', ...words], { env });
}
