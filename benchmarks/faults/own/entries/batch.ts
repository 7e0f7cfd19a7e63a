import { perform } from './operations.ts';

class Batch {
  static of(...lines: readonly string[]): Batch {
    return new Batch(lines.filter((line) => line !== ''));
  }

  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  each(operation: string): void {
    this.lines
      .map((line) => JSON.parse(line))
      .forEach(function (input) {
        perform(operation, input);
      });
  }
}

const [operation = 'help', ...lines] = process.argv.slice(2);
Batch.of(...lines).each(operation);
