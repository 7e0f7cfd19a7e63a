import { readFile } from 'node:fs/promises';
import {
  addVerbCommand,
  CommandError,
  type CommandOptions,
  type Open,
  printResult,
  reach,
  withReach,
} from '@fr/server/command';
import { policySchema, unreachableRules } from '@fr/sync';
import type { Command } from 'commander';
import { type PolicyFile, placedProblem, readPolicyFile } from '../site/policy/policy-file.ts';
import { type PolicyTestView, type PolicyView, printPolicy, printPolicyTest } from './pages/policy-page.ts';
import { plural } from './plural.ts';

/** Adds `policy` and its `test`, `check`, `reload` and `schema`. */
export function addPolicyCommands(program: Command, open: Open): void {
  const family = addVerbCommand<PolicyView>(program, open, {
    verb: 'policy',
    acts: false,
    summary: 'what may leave this site: the policy in force, since when, and by which rule',
    print: printPolicy,
  });
  addTest(family, open);
  addCheck(family);
  addReload(family, open);
  family
    .command('schema')
    .description('print the JSON Schema of a policy file, for editors')
    .action(() => {
      process.stdout.write(`${JSON.stringify(policySchema(), undefined, 2)}\n`);
    });
}

interface TestFlags extends CommandOptions {
  readonly program?: string;
  readonly version?: string;
  readonly module?: string;
  readonly location?: string;
  readonly type?: string;
  readonly size?: string;
  readonly destination?: string;
  readonly policy?: string;
}

function addTest(family: Command, open: Open): void {
  const command = withReach(
    family
      .command('test [entry]')
      .description('what the policy says to a case, or to an entry held here, rule by rule'),
  )
    .option('--program <name>', 'the program')
    .option('--version <version>', 'its version')
    .option('--module <name>', 'the module it failed in; without it, the program itself')
    .option('--location <text>', 'where it failed')
    .option('--type <type>', 'the information type; without it, each of them')
    .option('--size <bytes>', 'how large it is: 65536, 64KiB, 3MB')
    .option('--destination <url>', 'where it would go; without it, where this site sends')
    .option('--policy <file>', 'try this file instead of the policy in force');
  command.action(async (entry: string | undefined, flags: TestFlags) => {
    if (entry === undefined && flags.program === undefined)
      throw new CommandError(
        'usage',
        'say which case: --program NAME [--version V --type TYPE --size 3MB], or an entry id',
      );
    const { program, version, module, location, type, size, destination, policy } = flags;
    const draft = policy === undefined ? {} : { draft: await draftText(policy), draftName: policy };
    const asked = { id: entry, program, version, module, location, type, size, destination, ...draft };
    const tested = (await reach(flags, open, { name: 'policy-test', acts: false }, asked)) as PolicyTestView;
    printResult(tested, flags.json, printPolicyTest);
  });
}

async function draftText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CommandError(
      'failed',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  });
}

function addCheck(family: Command): void {
  family
    .command('check <file>')
    .description('check a policy file without a server; exits 1 and names every mistake')
    .option('--json', 'print one JSON value')
    .action(async (file: string, flags: { readonly json?: boolean }) => {
      const found = await readPolicyFile(file);
      printResult(checkResult(found), flags.json, () => printCheck(file, found));
      if (found.state !== 'good') process.exitCode = 1;
    });
}

function checkResult(found: PolicyFile): object {
  if (found.state === 'broken') return { ok: false, problems: found.problems };
  if (found.state === 'unreadable')
    return { ok: false, problems: [{ message: found.why, line: 1, column: 1 }] };
  return { ok: true, problems: [], unreachable: unreachableRules(found.policy.rules) };
}

function printCheck(file: string, found: PolicyFile): string {
  if (found.state === 'unreadable') return `${file} cannot be read: ${found.why}`;
  if (found.state === 'broken')
    return found.problems.map((problem) => placedProblem(file, problem)).join('\n');
  const { offer, rules, redact = [] } = found.policy;
  const lines = unreachableRules(rules).map(
    ({ rule, line = 1, behind }) =>
      `${file}:${line}:1: note: rule ${rule} never decides, it stands behind rule ${behind}`,
  );
  if (offer.length === 0)
    lines.push(
      `${file}:1:1: note: no "offer": only programs given by --upstream-program are named to anybody`,
    );
  const counts = [
    plural(offer.length, 'offer'),
    plural(rules.length, 'rule'),
    plural(redact.length, 'redaction'),
  ];
  return [...lines, `${file}: fine: ${counts.join(', ')}`].join('\n');
}

function addReload(family: Command, open: Open): void {
  withReach(
    family
      .command('reload')
      .description('read the policy file again now; a server does so by itself when it is saved'),
  ).action(async (flags: CommandOptions) => {
    const done = (await reach(flags, open, { name: 'policy-reload', acts: true }, {})) as {
      readonly result: string;
      readonly detail: string;
    };
    printResult(done, flags.json, ({ result, detail }) =>
      result === 'taken' ? `in force now: ${detail}` : detail,
    );
  });
}
