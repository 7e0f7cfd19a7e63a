/**
 * A command inside the process of a vitest test: for those that neither serve nor read stdin.
 * @module
 */
import { onTestFinished, vi } from 'vitest';
import { newFolder } from './folder.ts';
import type { Ended } from './run.ts';

/** Runs the command with these words; the exit code. */
export type Run = (words: readonly string[]) => Promise<number>;

/** Runs a command while what it prints is caught and its environment is in force. */
export async function runHere(
  run: Run,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Omit<Ended, 'signal'>> {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
      printed[stream] += String(chunk);
      return true;
    }),
  );
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    return { code: await run(words), ...printed };
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}

/** The same with `--json`; stdout has to be exactly one value, whose shape the caller knows from the documents. */
export async function jsonHere<T>(run: Run, words: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await runHere(run, [...words, '--json']);
  if (code !== 0) throw new Error(`${words.join(' ')} exited ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as T;
}

/** A folder that is gone after the running test. */
export async function testFolder(): Promise<string> {
  const folder = await newFolder();
  onTestFinished(() => folder.remove());
  return folder.path;
}
