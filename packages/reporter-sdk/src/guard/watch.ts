/**
 * What a host does so that its end will be known however it comes: puts up a run marker, launches a guard, lets V8 leave
 * a report at a fatal error. All of it can fail, and then less is known; nothing of it is ever thrown at the host.
 * @module
 */
import { fs, path } from '../builtin.ts';
import { exitWait, waitForDelivery } from '../host/exit-wait.ts';
import { launchReporter, reporterCommand } from '../host/launch.ts';
import type { Environment, Settings } from '../host/settings.ts';
import { allowedVariables } from '../noting/process-facts.ts';
import { newReportId } from '../noting/report-id.ts';
import { ownFolder } from '../spool/own-folder.ts';
import { armFatalReport } from './fatal-report.ts';
import { type Guard, launchGuard } from './guard.ts';
import { ownLife } from './life.ts';
import { markerBase, markLeft, putMarker, runsFolder } from './run-marker.ts';

/** How a host speaks to whoever watches it. No member throws but `deliver`, where no reporter can be launched. */
export interface Watch {
  /** Id of the marker, which the failures of this process carry; nothing where there is none. */
  readonly life: string | undefined;
  /** Something was noted and the host lives on: has it delivered now. */
  deliver(): void;
  /** Something was noted and the host is about to end: has it delivered as soon as it has. */
  deliverAtEnd(): void;
  /** The host ends in good order, whatever its exit code. */
  leave(): void;
  /** The host lives on and wants to be watched no longer. */
  dismiss(): void;
}

/** Begins to watch over this process. */
export function watchOver(settings: Settings, environment: Environment): Watch {
  const spoolFolder = path.resolve(settings.spoolFolder);
  const begun = quietly(() => begin({ ...settings, spoolFolder }, environment));
  const guard = begun?.guard;
  const launch = (): void => launchReporter(settings, environment);
  const wait = exitWait(environment);
  let awaited = false;
  const left = (watched: boolean): void => {
    quietly(() => begun && markLeft(spoolFolder, begun.id, watched));
  };
  return {
    life: begun?.id,
    deliver: () => guard?.tell('deliver') || launch(),
    deliverAtEnd: () => {
      awaited = wait > 0;
      if (!guard?.tell(awaited ? 'deliver' : 'later')) launch();
    },
    leave: () => {
      if (awaited) quietly(() => waitForDelivery(spoolFolder, wait));
      left(guard?.tell('bye') === true);
    },
    dismiss: () => {
      left(false);
      guard?.dismiss();
    },
  };
}

interface Begun {
  readonly id: string;
  readonly guard: Guard | undefined;
}

function begin(settings: Settings, environment: Environment): Begun {
  const { spoolFolder } = settings;
  ownFolder(spoolFolder);
  ownFolder(runsFolder(spoolFolder));
  const life = ownLife();
  const id = newReportId();
  const command = reporterCommand(settings, environment);
  const guard = isWatched(settings, environment)
    ? undefined
    : quietly(() => launchGuard(life.started, markerBase(spoolFolder, id), command));
  const run = environment['FR_RUN'];
  const script = process.argv[1];
  putMarker(spoolFolder, {
    format: 1,
    id,
    life,
    at: Date.now(),
    program: settings.program,
    version: settings.version,
    runtime: `node ${process.versions.node}`,
    ...(script === undefined ? {} : { script: path.resolve(script) }),
    variables: allowedVariables(environment),
    consent: settings.consent,
    declared: settings.declared,
    server: settings.server,
    key: settings.key,
    ...(run === undefined ? {} : { run }),
    ...(guard === undefined ? {} : { guard: { pid: guard.pid, started: guard.started } }),
  });
  if (settings.fatalReport) quietly(() => armFatalReport(spoolFolder));
  return { id, guard };
}

/** Whether no guard is wanted, or the parent is a supervisor of ours, which sees more than a guard could. */
function isWatched({ guard }: Settings, environment: Environment): boolean {
  return !guard || environment['FR_SUPERVISOR'] === String(process.ppid);
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
  return (
    namesIn(path.join(spoolFolder, 'failures')).some((name) => name.endsWith('.json')) ||
    namesIn(runsFolder(spoolFolder)).some((name) => own === undefined || !name.startsWith(own))
  );
}

function namesIn(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}
