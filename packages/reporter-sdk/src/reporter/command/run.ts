/**
 * `fr-reporter run -- COMMAND…`: a supervisor that is not noticed. Its end becomes ours: same exit code, or the same
 * signal.
 */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { uuidv7 } from '@fr/protocol/ids';
import { mayCollect } from '../../allowance.ts';
import { WANTED_SIGNALS } from '../../guard/death.ts';
import { leaveEvidence } from '../../guard/evidence.ts';
import { hasLeftOvers } from '../../guard/watch.ts';
import { exitWait } from '../../host/exit-wait.ts';
import { launchReporter } from '../../host/launch.ts';
import * as rareSettings from '../../host/settings/rare-settings.ts';
import { type Environment, type Settings, settingsOf } from '../../host/settings/settings.ts';
import { askQuestion } from '../../spool/consent-answer.ts';
import { countDrop } from '../../spool/drops.ts';
import type { NotedFailure } from '../../spool/failure-facts.ts';
import { listReceipts } from '../../spool/receipts.ts';
import {
  existingSpool,
  openSpool,
  readFailure,
  type Spool,
  waitingIds,
  writeFailure,
} from '../../spool/spool.ts';
import { keepSettings } from '../../spool/stored-settings.ts';
import { consentNow } from '../consent.ts';
import { type End, FORWARDED, supervise } from '../supervisor.ts';
import { type CommandLine, UsageError } from './usage.ts';

/** Supervises a command; gives its exit code, or does not return where a signal ended it. */
export async function runSupervised(line: CommandLine, environment: Environment): Promise<number> {
  const [command, ...args] = line.rest;
  if (command === undefined) throw new UsageError('what shall be run? fr-reporter run -- COMMAND…');
  const startedAt = Date.now();
  const run = uuidv7();
  const settings = supervisedSettings(command, line, environment);
  const reported = typeof settings === 'string' ? undefined : settings;
  quietly(environment, () => reported && askBefore(reported, environment));
  quietly(environment, () => {
    if (reported && hasLeftOvers(reported.spoolFolder, undefined)) launchReporter(reported, environment);
  });
  const keepTail = reported !== undefined && mayCollect('log-tail', reported);
  const end = await supervise(command, args, { run, keepTail });
  if (end === 'not-found') {
    process.stderr.write(`fr-reporter: there is no command "${command}" that could be run\n`);
    return 127;
  }
  if (reported) {
    const told = quietly(environment, () => note(end, command, { run, startedAt }, reported));
    if (told) await launched(reported, environment);
  }
  if (end.signal === null) return end.code ?? 1;
  for (const signal of FORWARDED) process.removeAllListeners(signal);
  process.kill(process.pid, end.signal);
  // Some signals are ignored or cannot be raised; the shell's way of saying it is what is left.
  return 128 + (process.getBuiltinModule('node:os').constants.signals[end.signal] ?? 0);
}

/**
 * Has the question put before the command is there, where something waits for an answer and somebody sits at a terminal.
 * In a process of its own: whatever is typed afterwards is the command's.
 */
function askBefore({ spoolFolder }: Settings, environment: Environment): void {
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const spool = atTerminal ? existingSpool(spoolFolder) : undefined;
  if (!spool || waitingIds(spool).length === 0 || consentNow(spool, environment) !== 'open') return;
  const [, program = ''] = process.argv;
  spawnSync(process.execPath, [...process.execArgv, program, 'consent', '--spool', spoolFolder], {
    stdio: 'inherit',
  });
}

function quietly<T>(environment: Environment, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if (environment['FR_DEBUG']) process.stderr.write(`fr: ${String(error)}\n`);
    return undefined;
  }
}

/** Launches a reporter; waits for it only where we are told to, since it dies with us in a container. */
async function launched(settings: Settings, environment: Environment): Promise<void> {
  const wait = exitWait(environment);
  if (wait === 0) {
    launchReporter(settings, environment);
    return;
  }
  await new Promise<void>((resolve) => {
    const patience = setTimeout(resolve, wait);
    launchReporter(settings, environment, () => {
      clearTimeout(patience);
      resolve();
    });
  });
}

/** Notes what became of a command; true where there is something to be looked at by a reporter. */
function note(
  end: End,
  command: string,
  { run, startedAt }: { readonly run: string; readonly startedAt: number },
  settings: Settings,
): boolean {
  const evidence = leaveEvidence(settings.spoolFolder, run, end);
  if (end.code === 0 || (end.signal !== null && WANTED_SIGNALS.has(end.signal)))
    return evidence !== 'no-marker';
  const spool = openSpool(settings.spoolFolder);
  keepSettings(spool, settings);
  if (settings.ask) askQuestion(spool);
  if (evidence === 'told' || (end.signal === null && reportedItself(spool, run))) return true;
  const common = { program: settings.program, programVersion: settings.version, platform: process.platform };
  const failure: NotedFailure =
    end.signal === null
      ? { kind: 'exit', exitCode: end.code ?? 1, ...common }
      : { kind: 'signal', signal: end.signal, ...common };
  const at = Date.now();
  const parts = end.tail ? [{ type: 'log-tail', content: end.tail }] : [];
  const kept = writeFailure(
    spool,
    {
      format: 1,
      reportId: uuidv7(),
      at,
      count: 1,
      outcome: 'fatal',
      failure,
      process: { pid: end.pid, uptimeMs: at - startedAt, runtime: basename(command), variables: {} },
      consent: settings.consent,
      declared: settings.declared,
      parts: parts.map(({ type }) => type),
      run,
    },
    parts,
  );
  if (kept === 'full') countDrop(spool, 'spool-full', 1, at);
  return true;
}

/**
 * A command has no package.json of its own: unless told otherwise the program is called as its file is. To supervise it
 * is to declare its last lines; consent and site have their say.
 */
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
  const settings = settingsOf(options, environment, undefined, () => rareSettings);
  if (typeof settings === 'string' || environment['FR_COLLECT'] !== undefined) return settings;
  return { ...settings, declared: [...settings.declared, 'log-tail'] };
}

/** Whether the command, being a program with fr in it, has reported a failure of this run that may have ended it. */
function reportedItself(spool: Spool, run: string): boolean {
  const waiting = waitingIds(spool).map((id) => readFailure(spool, id));
  const noted = waiting.some(
    (facts) => typeof facts === 'object' && facts.run === run && facts.outcome !== 'handled',
  );
  return noted || listReceipts(spool).some((receipt) => receipt.run === run && receipt.outcome !== 'handled');
}
