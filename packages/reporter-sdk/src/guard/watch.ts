/**
 * What a host does so that its end will be known however it comes: puts up a run marker, launches a guard, lets V8 leave
 * a report at a fatal error. All of it can fail, and then less is known; nothing of it is ever thrown at the host.
 * @module
 */
import { absolute, fs } from '../builtin.ts';
import { exitWait, waitForDelivery } from '../host/exit-wait.ts';
import { launchReporter, reporterCommand } from '../host/launch.ts';
import type { Environment, Settings } from '../host/settings/settings.ts';
import { allowedVariables } from '../noting/process-facts.ts';
import { newReportId } from '../noting/report-id.ts';
import { syncFolder } from '../spool/folder/durable-file.ts';
import { ownFolder } from '../spool/folder/own-folder.ts';
import { armFatalReport } from './fatal-report.ts';
import { type Guard, launchGuard } from './guard.ts';
import { fateOf, isAlive, type Life, ownLife } from './life.ts';
import { markerBase, markLeft, putMarker, type RunMarker, readMarker, runsFolder } from './run-marker.ts';

/** A program that dies faster than anybody can look leaves more markers than a start should read. */
const LOOKED_AT = 64;
/** A program that has lived so long is none that is over in a moment. */
const LATE_MS = 250;

/** How a host speaks to whoever watches it. No member throws but `deliver`, where no reporter can be launched. */
export interface Watch {
  /** Id of the marker, which the failures of this process carry; nothing where there is none. */
  readonly life: string | undefined;
  /** Something was noted and the host lives on: has it delivered now. */
  deliver(): void;
  /** Something was noted and the host is about to end: has it delivered as soon as it has. */
  deliverAtEnd(): void;
  /** The host ends in good order, with this exit code. */
  leave(code: number): void;
  /** The host lives on and wants to be watched no longer. */
  dismiss(): void;
}

/** Begins to watch over this process. */
export function watchOver(settings: Settings, environment: Environment): Watch {
  const spoolFolder = absolute(settings.spoolFolder);
  const begun = quietly(() => begin({ ...settings, spoolFolder }, environment));
  const launch = (): void => launchReporter(settings, environment);
  let awaited = false;
  const left = (watched: boolean): void => {
    if (begun) clearTimeout(begun.late);
    quietly(() => begun && markLeft(spoolFolder, begun.id, watched));
  };
  return {
    life: begun?.id,
    deliver: () => begun?.guard?.tell('deliver') || launch(),
    deliverAtEnd: () => {
      awaited = exitWait(environment) > 0;
      if (!begun?.guard?.tell(awaited ? 'deliver' : 'later')) launch();
    },
    leave: (code) => {
      if (awaited) quietly(() => waitForDelivery(spoolFolder, exitWait(environment)));
      left(begun?.guard?.tell(`bye ${code}`) === true);
    },
    dismiss: () => {
      left(false);
      begun?.guard?.dismiss();
    },
  };
}

interface Begun {
  readonly id: string;
  guard?: Guard | undefined;
  late?: NodeJS.Timeout;
}

function begin(settings: Settings, environment: Environment): Begun {
  const { spoolFolder } = settings;
  ownFolder(spoolFolder);
  // Inside a folder that is ours and closed to others nothing need be checked.
  if (!fs.existsSync(runsFolder(spoolFolder))) makeFolders(spoolFolder);
  const marker = markerOf(settings, environment);
  const { id, life } = marker;
  const begun: Begun = { id };
  const watched = (flag: 'wx' | 'w'): void => {
    const command = reporterCommand(settings, environment);
    begun.guard = quietly(() => launchGuard(life.started, markerBase(spoolFolder, id), command));
    const { pid, started } = begun.guard ?? {};
    const guard = pid === undefined || started === undefined ? {} : { guard: { pid, started } };
    putMarker(spoolFolder, { ...marker, ...guard }, flag);
  };
  // A supervisor of ours sees more than a guard could.
  const guard = environment['FR_SUPERVISOR'] === String(process.ppid) ? 'off' : settings.guard;
  if (guard === 'now') watched('wx');
  else putMarker(spoolFolder, marker, 'wx');
  if (guard === 'late') begun.late = setTimeout(() => quietly(() => watched('w')), LATE_MS).unref();
  if (settings.fatalReport) quietly(() => armFatalReport(spoolFolder));
  return begun;
}

function markerOf(settings: Settings, environment: Environment): RunMarker {
  const run = environment['FR_RUN'];
  const script = process.argv[1];
  return {
    format: 1,
    id: newLifeId(),
    life: ownLife(),
    at: Date.now(),
    program: settings.program,
    version: settings.version,
    runtime: `node ${process.versions.node}`,
    ...(script === undefined ? {} : { script: absolute(script) }),
    variables: allowedVariables(environment),
    consent: settings.consent,
    declared: settings.declared,
    ...(settings.files === undefined ? {} : { files: settings.files }),
    server: settings.server,
    key: settings.key,
    ...(run === undefined ? {} : { run }),
  };
}

/** At the first start of all: a program that dies should not have to wait until its folder is on the disk. */
function makeFolders(spoolFolder: string): void {
  const failures = `${spoolFolder}/failures`;
  if (!fs.existsSync(failures)) fs.mkdirSync(failures, { mode: 0o700 });
  fs.mkdirSync(runsFolder(spoolFolder), { mode: 0o700 });
  syncFolder(spoolFolder);
}

/** A report id of which the kernel makes the random part in one go: this is paid for at every start. */
function newLifeId(): string {
  const random = quietly(() => fs.readFileSync('/proc/sys/kernel/random/uuid', 'utf8'));
  if (random === undefined) return newReportId();
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15, 36)}`;
}

function quietly<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Whether something of an earlier run waits to be looked at: a death, or a failure. Called by a host that has started. */
export function hasLeftOvers(spoolFolder: string, own: string | undefined): boolean {
  if (namesIn(`${spoolFolder}/failures`).some((name) => name.endsWith('.json'))) return true;
  const runs = namesIn(runsFolder(spoolFolder)).filter((name) => own === undefined || !name.startsWith(own));
  if (runs.some((name) => name.endsWith('.end'))) return true;
  const here = runs.length === 0 ? undefined : ownLife();
  return here !== undefined && runs.slice(0, LOOKED_AT).some((name) => isOver(spoolFolder, name, here));
}

/** Other programs of the same name may run beside us; each has a guard to look after it. */
function isOver(spoolFolder: string, name: string, here: Life): boolean {
  if (!name.endsWith('.json')) return false;
  const marker = readMarker(`${runsFolder(spoolFolder)}/${name}`);
  if (!marker?.life) return false;
  const fate = fateOf(marker.life, here);
  return fate === 'rebooted' || (fate === 'gone' && !(marker.guard && isAlive(marker.guard)));
}

function namesIn(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
