/**
 * `fr-reporter run -- COMMAND…`: a supervisor that is not noticed. The command has our stdin, stdout and stderr
 * themselves, gets the signals we get, and its end becomes ours: same exit code, or the same signal.
 */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { launchReporter } from '../../host/launch.ts';
import { type Environment, type Settings, settingsOf } from '../../host/settings.ts';
import { countDrop } from '../../spool/drops.ts';
import type { NotedFailure } from '../../spool/failure-facts.ts';
import { listReceipts } from '../../spool/receipts.ts';
import { openSpool, readFailure, type Spool, waitingIds, writeFailure } from '../../spool/spool.ts';
import { keepSettings } from '../../spool/stored-settings.ts';
import { type CommandLine, UsageError } from './usage.ts';

const FORWARDED: readonly NodeJS.Signals[] = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
];
/** A terminal gives these to the command itself, which must not get them twice. */
const FROM_TERMINAL = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT', 'SIGWINCH']);
/** Somebody wanted the end: no failure. */
const WANTED = new Set<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP']);

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Supervises a command; gives its exit code, or does not return where a signal ended it. */
export async function runSupervised(line: CommandLine, environment: Environment): Promise<number> {
  const [command, ...args] = line.rest;
  if (command === undefined) throw new UsageError('what shall be run? fr-reporter run -- COMMAND…');
  const startedAt = Date.now();
  const run = uuidv7();
  const end = await supervise(command, args, { ...process.env, FR_RUN: run });
  if (end === 'not-found') {
    process.stderr.write(`fr-reporter: there is no command "${command}" that could be run\n`);
    return 127;
  }
  try {
    note(end, command, { run, startedAt }, line, environment);
  } catch (error) {
    if (environment['FR_DEBUG']) process.stderr.write(`fr: ${String(error)}\n`);
  }
  if (end.signal === null) return end.code ?? 1;
  for (const signal of FORWARDED) process.removeAllListeners(signal);
  process.kill(process.pid, end.signal);
  // Some signals are ignored or cannot be raised; the shell's way of saying it is what is left.
  return 128 + (process.getBuiltinModule('node:os').constants.signals[end.signal] ?? 0);
}

function supervise(
  command: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<End | 'not-found'> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    for (const signal of FORWARDED) {
      process.on(signal, () => {
        if (!(process.stdin.isTTY && FROM_TERMINAL.has(signal))) child.kill(signal);
      });
    }
    child.on('error', () => resolve('not-found'));
    child.on('exit', (code, signal) => resolve({ code, signal }));
  });
}

function note(
  end: End,
  command: string,
  { run, startedAt }: { readonly run: string; readonly startedAt: number },
  line: CommandLine,
  environment: Environment,
): void {
  if (end.code === 0 || (end.signal !== null && WANTED.has(end.signal))) return;
  const settings = supervisedSettings(command, line, environment);
  if (typeof settings === 'string') return;
  const spool = openSpool(settings.spoolFolder);
  if (end.signal === null && reportedItself(spool, run)) return;
  const common = { program: settings.program, programVersion: settings.version, platform: process.platform };
  const failure: NotedFailure =
    end.signal === null
      ? { kind: 'exit', exitCode: end.code ?? 1, ...common }
      : { kind: 'signal', signal: end.signal, ...common };
  const at = Date.now();
  const kept = writeFailure(spool, {
    format: 1,
    reportId: uuidv7(),
    at,
    count: 1,
    outcome: 'fatal',
    failure,
    process: { pid: 0, uptimeMs: at - startedAt, runtime: basename(command), variables: {} },
    consent: settings.consent,
    declared: settings.declared,
    parts: [],
    run,
  });
  if (kept === 'full') countDrop(spool, 'spool-full', 1, at);
  keepSettings(spool, settings);
  launchReporter(settings, environment);
}

/** A command has no package.json of its own: unless told otherwise the program is called as its file is. */
function supervisedSettings(
  command: string,
  line: CommandLine,
  environment: Environment,
): Settings | 'disabled' | 'no-server' | 'no-consent' {
  const options = {
    program: environment['FR_PROGRAM'] || basename(command),
    version: environment['FR_VERSION'] ?? '',
    ...(line.spool === undefined ? {} : { spoolDir: line.spool }),
  };
  return settingsOf(options, environment, undefined);
}

/** Whether the command, being a program with fr in it, has reported a failure of this run that may have ended it. */
function reportedItself(spool: Spool, run: string): boolean {
  const waiting = waitingIds(spool).map((id) => readFailure(spool, id));
  const noted = waiting.some(
    (facts) => typeof facts === 'object' && facts.run === run && facts.outcome !== 'handled',
  );
  return noted || listReceipts(spool).some((receipt) => receipt.run === run && receipt.outcome !== 'handled');
}
