import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Halves the start of each program, once one has ended in peace. */
const COMPILED = fileURLToPath(new URL('../../node_modules/.cache/compiled', import.meta.url));

/** A program of this folder as a process of its own, running the sources; `env` is added to what it inherits. */
export function startProgram(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  const file = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['-C', '@fr/source', file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
  });
  return new RunningProgram(child);
}

export class RunningProgram {
  readonly #child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly #waiting: { readonly text: string; readonly resolve: () => void }[] = [];
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdout?.on('data', (data) => {
      this.stdout += data;
      for (const one of this.#waiting) if (this.stdout.includes(one.text)) one.resolve();
    });
    child.stderr?.on('data', (data) => {
      this.stderr += data;
    });
    this.ended = new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Waits until it has printed the text. */
  async says(text: string): Promise<void> {
    if (this.stdout.includes(text)) return;
    const said = new Promise<void>((resolve) => this.#waiting.push({ text, resolve }));
    const gone = this.ended.then(() => {
      if (!this.stdout.includes(text)) throw new Error(`it ended without "${text}": ${this.stderr}`);
    });
    await Promise.race([said, gone]);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends its input, which the programs here take as a request to finish. */
  async finish(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    this.#child.stdin?.end();
    return this.ended;
  }
}
