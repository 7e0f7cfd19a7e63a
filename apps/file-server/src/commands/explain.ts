import { errorFromStack, explain, explanationText, type Failure } from '@fr/bucket';
import { CommandError, printableLines, printJson } from '@fr/server/command';
import type { Command } from 'commander';

interface ExplainFlags {
  readonly stack?: boolean;
  readonly program?: string;
  readonly programVersion?: string;
  readonly json?: boolean;
}

/** Adds `explain`: why a failure falls into its bucket, without any server. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain')
    .description(
      'why a failure falls into its bucket: a failure as JSON, or with --stack a stack trace, on stdin',
    )
    .option('--stack', 'stdin is a stack trace as text')
    .option('--program <name>', "the program's name, for --stack", 'program')
    .option('--program-version <version>', "the program's version, for --stack", '0.0.0')
    .option('--json', 'print one JSON value')
    .action(async (flags: ExplainFlags) => {
      const explanation = explain(
        flags.stack === true ? stackFailure(await stdin(), flags) : jsonFailure(await stdin()),
      );
      process.stdout.write(
        flags.json === true
          ? `${printJson(explanation, 0)}\n`
          : `${printableLines(explanationText(explanation))}\n`,
      );
    });
}

function stackFailure(
  stack: string,
  { program = 'program', programVersion = '0.0.0' }: ExplainFlags,
): Failure {
  return { kind: 'error', program, programVersion, error: errorFromStack(stack) };
}

function jsonFailure(text: string): Failure {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('failed', 'stdin is not JSON; for a plain stack trace use --stack', { cause });
  }
  if (typeof value === 'object' && value !== null && 'kind' in value) return value as Failure;
  if (typeof value === 'object' && value !== null && 'stack' in value) {
    return {
      kind: 'error',
      program: 'program',
      programVersion: '0.0.0',
      error: { name: 'Error', message: '', ...value },
    } as Failure;
  }
  throw new CommandError(
    'failed',
    'stdin is neither a failure ({"kind":"error","program":…,"error":{…}}) nor an error ({"name":…,"message":…,"stack":…})',
  );
}

async function stdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
