import { perform } from './operations.ts';

interface Entry {
  readonly operation: string;
  readonly input: string;
}

class Replay {
  readonly #entries: readonly Entry[];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  async run(): Promise<number> {
    let done = 0;
    for await (const entry of this.#journal()) {
      await this.#apply(entry);
      done += 1;
    }
    return done;
  }

  async *#journal(): AsyncGenerator<Entry> {
    for (const entry of this.#entries) yield entry;
  }

  async #apply(entry: Entry): Promise<unknown> {
    return await perform(entry.operation, JSON.parse(entry.input));
  }
}

const [operation = 'help', input = '{}'] = process.argv.slice(2);
new Replay([{ operation, input }]).run();
