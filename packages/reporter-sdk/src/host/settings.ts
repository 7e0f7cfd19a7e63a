import { CONSENT_LEVELS, type ConsentLevel } from '@fr/protocol';
import { type DeclaredFiles, declaredFiles, type FileDeclaration } from '../declared-files.ts';
import type { Answer } from '../spool/answer-cache.ts';
import { readConsentAnswer } from '../spool/consent-answer.ts';
import { defaultSpoolFolder } from '../spool/default-folder.ts';
import type { CrumbSource } from '../trail/sources.ts';
import { declaredTypes, ownCollectors } from './declarations.ts';
import type { BeforeReport, OwnCollector } from './own-code.ts';
import { programOf } from './program.ts';

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
   * machine: nothing is sent before `fr-reporter` was answered, which asks on a terminal. Any other word counts as `off`.
   */
  readonly consent?: 'off' | 'count' | 'minimal' | 'standard' | 'full' | 'ask';
  /**
   * Information types this program declares; nothing else is ever collected, whoever asks. `FR_COLLECT`, with commas.
   * Default: the types that are declared by default, and those that `attachments`, `logTail` and `collectors` stand for.
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
   * next start. `FR_GUARD`. Default: `auto`, a guard wherever there is a shell and `/proc`.
   */
  readonly guard?: 'auto' | 'off';
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
  /** Sources of breadcrumbs, as they were written. */
  readonly crumbSources: readonly string[];
  readonly guard: boolean;
  readonly fatalReport: boolean;
  /** 0 where hangs are not watched for. */
  readonly hangAfterMs: number;
  /** Says on stderr what goes wrong; off unless `FR_DEBUG` is set. */
  readonly debug: boolean;
}

/** Variables of the environment. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The settings in force, or why fr stays out of the way. */
export function settingsOf(
  options: InitOptions,
  environment: Environment,
  mainScript: string | undefined,
): Settings | 'disabled' | 'no-server' | 'no-consent' {
  if (isSet(environment['FR_DISABLED'])) return 'disabled';
  const server = options.server ?? environment['FR_SERVER'] ?? '';
  if (server === '') return 'no-server';
  const given = [options.consent, environment['FR_CONSENT']];
  if (mostConsent(given) === 'off') return 'no-consent';
  const name = options.program ?? environment['FR_PROGRAM'];
  const version = options.version ?? environment['FR_VERSION'];
  const found = name && version !== undefined ? undefined : programOf(mainScript);
  const program = name || (found?.name ?? 'node');
  const spoolFolder = spoolFolderOf(options, environment, program);
  const ask = given.includes('ask');
  const consent = ask ? answeredConsent(spoolFolder, mostConsent(given)) : mostConsent(given);
  if (consent === 'off') return 'no-consent';
  return {
    server,
    key: options.key ?? environment['FR_KEY'] ?? '',
    program,
    version: version ?? found?.version ?? '',
    spoolFolder,
    consent,
    ask,
    ...declaring(options, environment),
    ...watching(options, environment),
    debug: isSet(environment['FR_DEBUG']),
  };
}

/** Whether a switch in the environment is on: anything but empty, `0` and `false`. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
}

function declaring(
  options: InitOptions,
  environment: Environment,
): Pick<Settings, 'declared' | 'files' | 'crumbSources'> {
  const log = environment['FR_LOG_TAIL'];
  const files = declaredFiles(options.attachments, options.logTail ?? (log ? { path: log } : undefined));
  const collect = namesIn(options.collect ?? environment['FR_COLLECT']?.split(','));
  return {
    declared: declaredTypes(collect, files, ownCollectors(options.collectors)),
    ...(Object.keys(files).length === 0 ? {} : { files }),
    crumbSources: namesIn(options.breadcrumbs ?? environment['FR_BREADCRUMBS']?.split(',')) ?? [],
  };
}

function namesIn(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.map((name) => name.trim()).filter((name) => name !== '');
}

function watching(
  options: InitOptions,
  environment: Environment,
): Pick<Settings, 'guard' | 'fatalReport' | 'hangAfterMs'> {
  return {
    guard: isAuto(options.guard ?? environment['FR_GUARD']),
    fatalReport: isAuto(options.fatalReport ?? environment['FR_FATAL_REPORT']),
    hangAfterMs: hangAfter(options.hangAfterMs ?? milliseconds(environment['FR_HANG'])),
  };
}

/** A word that is no time switches nothing on. */
function hangAfter(ms: number | undefined): number {
  return ms === undefined || !(ms > 0) ? 0 : Math.min(Math.max(ms, 100), 24 * 60 * 60 * 1000);
}

function milliseconds(text: string | undefined): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text ?? '') ?? [];
  return number === undefined
    ? undefined
    : Number(number) * (unit === 'm' ? 60_000 : unit === 's' ? 1_000 : 1);
}

/** Anything but `off` and the usual words for it. */
function isAuto(value: string | undefined): boolean {
  return value === undefined || value === '' || (value !== 'off' && isSet(value));
}

/** The lower of two consent levels. A word that is no level allows nothing: whoever wrote it meant to restrict. */
export function consentOf(one: string | undefined, other: string | undefined): ConsentLevel {
  const levels: readonly string[] = CONSENT_LEVELS;
  const given = [one ?? '', other ?? ''].filter((level) => level !== '');
  const lowest = Math.min(...given.map((level) => Math.max(0, levels.indexOf(level))));
  return given.length === 0 ? 'standard' : (CONSENT_LEVELS[lowest] ?? 'off');
}

function spoolFolderOf({ spoolDir }: InitOptions, environment: Environment, program: string): string {
  return spoolDir ?? environment['FR_SPOOL_DIR'] ?? defaultSpoolFolder(program, environment);
}

/** The lower of the levels given; who leaves it to somebody to answer sets no bound. */
function mostConsent(given: readonly (string | undefined)[]): ConsentLevel {
  const [one, other] = given.map((level) => (level === 'ask' ? 'full' : level));
  return consentOf(one, other);
}

/** The answer as far as the program goes along; while there is none, what may be noted but not yet sent. */
function answeredConsent(folder: string, most: ConsentLevel): ConsentLevel {
  const answer = readConsentAnswer({ folder });
  return consentOf(answer === undefined || answer === 'open' ? 'standard' : answer, most);
}
