import { parseArgs } from 'node:util';

/** Something was wrong with the command line; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What may stand on a command line, by name. */
const OPTIONS = {
  spool: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  'no-wait': { type: 'boolean' },
  all: { type: 'boolean' },
} as const;

const WITH_OPERAND = new Set(['withdraw', 'consent']);

/** A command line taken apart. */
export interface CommandLine {
  readonly command: string;
  readonly rest: readonly string[];
  /** What the command is about, where it is about one thing. */
  readonly operand: string | undefined;
  readonly spool: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
  readonly noWait: boolean;
  /** Deliver also what its program may yet die of. */
  readonly all: boolean;
}

/** Takes a command line apart; everything behind `--` belongs to the supervised command. */
export function parseCommandLine(args: readonly string[], commands: readonly string[]): CommandLine {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  for (const option of own.filter((arg) => /^--?[a-z]/.test(arg))) checkOption(option);
  const { values, positionals } = parse(own);
  const [command = '', ...words] = positionals;
  const [operand, ...more] = WITH_OPERAND.has(command) ? words : [undefined, ...words];
  if (command !== '' && !commands.includes(command))
    throw new UsageError(`there is no command "${command}"; ${hint(command, commands)}`);
  if (more.length > 0) throw new UsageError(`"${more[0]}" is one word too many after "${command}"`);
  return {
    command,
    rest: end < 0 ? [] : args.slice(end + 1),
    operand,
    spool: values.spool,
    json: values.json === true,
    help: values.help === true,
    noWait: values['no-wait'] === true,
    all: values.all === true,
  };
}

function parse(args: readonly string[]): {
  readonly values: { spool?: string; json?: boolean; help?: boolean; all?: boolean; 'no-wait'?: boolean };
  readonly positionals: readonly string[];
} {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? (cause.message.split('.')[0] ?? '') : 'wrong options', {
      cause,
    });
  }
}

function checkOption(option: string): void {
  const name = option.replace(/=.*$/s, '');
  const known = ['-h', ...Object.keys(OPTIONS).map((each) => `--${each}`)];
  if (!known.includes(name)) throw new UsageError(`there is no option "${name}"; ${hint(name, known)}`);
}

/** Names the nearest of the right words, or all of them where none is near. */
function hint(word: string, right: readonly string[]): string {
  const [nearest] = right
    .map((each) => ({ each, distance: editDistance(word, each) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, word.length / 3)
    ? `did you mean "${nearest.each}"?`
    : `there are ${right.join(', ')}`;
}

function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let at = 1; at <= to.length; at++) {
      const change = (row[at - 1] ?? 0) + (letter === to[at - 1] ? 0 : 1);
      next.push(Math.min(change, (row[at] ?? 0) + 1, (next[at - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
