/**
 * A contender runs in a process of its own, so that its whole CPU is counted, all threads included. It is told what
 * to do in messages and answers each with one.
 * @module
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export class Contender {
  readonly #child: ChildProcess;

  constructor(name: string, args: readonly string[] = []) {
    const file = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
    this.#child = fork(file, args, {
      execArgv: ['--conditions=@fr/source', '--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Waits for the answer; throws when the process ends instead. */
  ask<Answer>(question: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error(`${this.#child.spawnargs.at(-1)} ended`));
      this.#child.once('exit', ended);
      this.#child.once('message', (answer) => {
        this.#child.off('exit', ended);
        resolve(answer as Answer);
      });
      this.#child.send(question);
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await gone;
  }
}

/** The contender's side: answers questions until its parent lets go, then closes. */
export function answer<Question>(
  respond: (question: Question) => Promise<object>,
  close: () => Promise<unknown>,
): void {
  process.on('message', (question) => {
    respond(question as Question).then(
      (given) => process.send?.(given),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
        process.exit(1);
      },
    );
  });
  const end = () => void close().finally(() => process.exit(0));
  // The parent may be gone already.
  if (process.connected) process.once('disconnect', end);
  else end();
}
