import { type ConsentLevel, INFORMATION_TYPES, informationType } from '@fr/protocol';
import type { AskPerson } from '../../consent/consent-question.ts';
import type { DeclaredFiles, FileDeclaration } from '../../declared-files.ts';
import type { Answer } from '../../spool/answer-cache.ts';
import { defaultSpoolFolder } from '../../spool/folder/default-folder.ts';
import type { CrumbSource } from '../../trail/sources.ts';
import type { BeforeReport, OwnCollector } from '../own-code.ts';
import type { HeapSnapshotDeclaration, HeapSnapshotSettings } from './heap-snapshot-settings.ts';
import { type Program, programOf } from './program.ts';

/** What a program may say when it switches fr on. Each can also be given by the environment; what is given here wins. */
export interface InitOptions {
  /** Address of the site's file server. `FR_SERVER`. Without one nothing is noted and nothing is sent. */
  readonly server?: string;
  /** The reporter key of the site, `frk_…`. `FR_KEY`. Needed unless the server is on this machine. */
  readonly key?: string;
  /** `FR_PROGRAM`. Default: the name in the package.json nearest to the main script. */
  readonly program?: string;
  /** `FR_VERSION`. Default: the version in that package.json. */
  readonly version?: string;
  /** Where failures wait. `FR_SPOOL_DIR`. Default: `fr/<program>` in the user's state folder. */
  readonly spoolDir?: string;
  /**
   * The most that may be collected: `off` (nothing is reported), `count` (hits only), `minimal`, `standard` or `full`.
   * `FR_CONSENT`; where both are given the lower one holds. Default: `standard`. `ask` leaves it to the person at the
   * machine: nothing is sent before somebody has answered `fr-reporter`, which asks on a terminal, or `onAsk`. Any other
   * word counts as `off`.
   */
  readonly consent?: 'off' | 'count' | 'minimal' | 'standard' | 'full' | 'ask';
  /**
   * Information types this program declares; nothing else is ever collected, whoever asks. `FR_COLLECT`, with commas.
   * Default: the types that are declared by default, and those that `attachments`, `logTail`, `collectors` and
   * `heapSnapshot` stand for.
   */
  readonly collect?: readonly string[];
  /**
   * Files that may be asked for, by a name of letters, digits, `-` and `_`: `{ orders: { path: '/var/log/orders.log' } }`
   * is the information type `attachment:orders`. Read by the reporter when asked for, at the consent level `full`.
   */
  readonly attachments?: Readonly<Record<string, FileDeclaration>>;
  /** The program's log, whose last lines are the information type `log-tail`. `FR_LOG_TAIL`, a path. */
  readonly logTail?: FileDeclaration;
  /** Collectors of the program's own: `{ queue: { collect } }` is the information type `x-queue`; consent level `full`. */
  readonly collectors?: Readonly<Record<string, OwnCollector>>;
  /**
   * Declares the information type `heap-snapshot`: `{ maxHeapMiB: 100 }` lets a demand that an administrator approved have
   * the memory of the program, with everything in it. **It delays the end of the program**, by 5 to 20 s at 100 MiB, and
   * takes up to 2 GB of memory meanwhile; nothing else of fr does. Consent level `full`. `FR_HEAP_SNAPSHOT`, MiB. Default: none.
   */
  readonly heapSnapshot?: HeapSnapshotDeclaration;
  /**
   * Called before a failure is written, in the program that fails, and stopped after 100 ms. What it throws is caught;
   * the failure is then counted and nothing of it is collected. Not called for ends that no handler sees and for hangs.
   */
  readonly beforeReport?: BeforeReport;
  /**
   * Breadcrumbs that Node itself knows of: `console` (what is printed) and `http` (requests that the program makes; without
   * query). `FR_BREADCRUMBS`, with commas. Default: none.
   */
  readonly breadcrumbs?: readonly CrumbSource[];
  /**
   * `off` launches no guard, the small process that learns of an end no handler sees: such an end is then reported at the
   * next start. `FR_GUARD`. Default: `auto`, a guard wherever there is a shell and `/proc`. `late` launches it when the
   * program has run for a quarter of a second: what is over sooner does not pay for it, and such an end of it is reported
   * at the next start.
   */
  readonly guard?: 'auto' | 'late' | 'off';
  /**
   * `off` keeps V8 from leaving a report at a fatal error, of which Node says two lines on stderr; such an end is then
   * reported as its signal. `FR_FATAL_REPORT`. Default: `auto`, unless the program has settings of its own for reports.
   */
  readonly fatalReport?: 'auto' | 'off';
  /**
   * Reports the event loop's being blocked for so many milliseconds, with its stack, while it is. `FR_HANG`, also as
   * `5s`. Default: off, since watching takes a thread (about 6 MiB). At least 100.
   */
  readonly hangAfterMs?: number;
  /**
   * Called after the program has started, once for each answer that came since: what the site tells about a failure of an
   * earlier run (fixed in a version, a workaround, a link). The text is text; show it, do not run it.
   */
  readonly onAnswer?: (answer: Answer) => void;
  /**
   * With `consent: 'ask'`: asks the person in front of the program, in the program's own way, what may be sent. Called after
   * the start while nobody has answered and something waits. Gives one of the levels, or a promise of it; anything else
   * leaves the question open until the next start.
   */
  readonly onAsk?: AskPerson;
}

/** Options after environment and defaults. */
export interface Settings {
  readonly server: string;
  readonly key: string;
  readonly program: string;
  readonly version: string;
  readonly spoolFolder: string;
  readonly consent: ConsentLevel;
  /** Whether nothing may be sent before the person at the machine was asked. */
  readonly ask: boolean;
  readonly declared: readonly string[];
  /** Files the program has named, where it has. */
  readonly files?: DeclaredFiles;
  /** Where the program has declared heap snapshots. */
  readonly heapSnapshot?: HeapSnapshotSettings;
  /** Sources of breadcrumbs, as they were written. */
  readonly crumbSources: readonly string[];
  readonly guard: 'now' | 'late' | 'off';
  readonly fatalReport: boolean;
  /** 0 where hangs are not watched for. */
  readonly hangAfterMs: number;
  /** Says on stderr what goes wrong; off unless `FR_DEBUG` is set. */
  readonly debug: boolean;
}

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What reads settings that few programs have: see `rare-settings`. */
export interface RareSettings {
  declared(options: InitOptions, environment: Environment): Declaring;
  hangAfter(said: number | string): number;
  mostConsent(said: readonly (string | undefined)[]): ConsentLevel;
  answeredConsent(spoolFolder: string, most: ConsentLevel): ConsentLevel;
}

type Declaring = Pick<Settings, 'declared' | 'files' | 'heapSnapshot' | 'crumbSources'>;

/** The settings in force, or why fr stays out of the way. `rare` is called where a program says more than most. */
export function settingsOf(
  options: InitOptions,
  environment: Environment,
  mainScript: string | undefined,
  rare: () => RareSettings,
): Settings | 'disabled' | 'no-server' | 'no-consent' {
  if (isSet(environment['FR_DISABLED'])) return 'disabled';
  const server = options.server ?? environment['FR_SERVER'] ?? '';
  if (server === '') return 'no-server';
  const said = [options.consent, environment['FR_CONSENT']];
  const most = said[0] || said[1] ? rare().mostConsent(said) : 'standard';
  if (most === 'off') return 'no-consent';
  const { name: program, version } = named(options, environment, mainScript);
  const spoolFolder =
    options.spoolDir ?? environment['FR_SPOOL_DIR'] ?? defaultSpoolFolder(program, environment);
  const ask = said.includes('ask');
  const consent = ask ? rare().answeredConsent(spoolFolder, most) : most;
  if (consent === 'off') return 'no-consent';
  return {
    server,
    key: options.key ?? environment['FR_KEY'] ?? '',
    program,
    version,
    spoolFolder,
    consent,
    ask,
    ...(declaresMore(options, environment) ? rare().declared(options, environment) : declaredByDefault()),
    ...watching(options, environment, rare),
    debug: isSet(environment['FR_DEBUG']),
  };
}

function named(options: InitOptions, environment: Environment, mainScript: string | undefined): Program {
  const name = options.program ?? environment['FR_PROGRAM'];
  const version = options.version ?? environment['FR_VERSION'];
  if (name && version !== undefined) return { name, version };
  const found = programOf(mainScript);
  return { name: name || found.name, version: version ?? found.version };
}

function declaredByDefault(): Declaring {
  const declared = INFORMATION_TYPES.filter((type) => informationType(type)?.declared);
  return { declared, crumbSources: [] };
}

function declaresMore(options: InitOptions, environment: Environment): boolean {
  const { collect, attachments, logTail, collectors, heapSnapshot, breadcrumbs } = options;
  return (
    (collect ?? attachments ?? logTail ?? collectors ?? heapSnapshot ?? breadcrumbs) !== undefined ||
    environment['FR_HEAP_SNAPSHOT'] !== undefined ||
    (environment['FR_COLLECT'] ?? environment['FR_LOG_TAIL'] ?? environment['FR_BREADCRUMBS']) !== undefined
  );
}

function watching(
  options: InitOptions,
  environment: Environment,
  rare: () => RareSettings,
): Pick<Settings, 'guard' | 'fatalReport' | 'hangAfterMs'> {
  const guard = options.guard ?? environment['FR_GUARD'];
  const hang = options.hangAfterMs ?? environment['FR_HANG'];
  return {
    guard: guard === 'late' ? guard : isAuto(guard) ? 'now' : 'off',
    fatalReport: isAuto(options.fatalReport ?? environment['FR_FATAL_REPORT']),
    hangAfterMs: hang ? rare().hangAfter(hang) : 0,
  };
}

/** Whether a switch in the environment is on: anything but empty, `0` and `false`. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
}

/** Anything but `off` and the usual words for it. */
function isAuto(value: string | undefined): boolean {
  return value === undefined || value === '' || (value !== 'off' && isSet(value));
}
