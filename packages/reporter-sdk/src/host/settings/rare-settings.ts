/**
 * Reads what few programs say about themselves. Loaded for those that do; see `settings`.
 * @module
 */
import { CONSENT_LEVELS, type ConsentLevel, INFORMATION_TYPES, informationType } from '@fr/protocol';
import { type DeclaredFiles, declaredFiles } from '../../declared-files.ts';
import { readConsentAnswer } from '../../spool/consent-answer.ts';
import type { OwnCollector } from '../own-code.ts';
import { ownCollectors } from './declarations.ts';
import { heapSnapshotSettings } from './heap-snapshot-settings.ts';
import type { Environment, InitOptions, Settings } from './settings.ts';

/** What a program has declared: the types it names as far as they exist; else the default ones, and its own. */
export function declared(
  options: InitOptions,
  environment: Environment,
): Pick<Settings, 'declared' | 'files' | 'heapSnapshot' | 'crumbSources'> {
  const log = environment['FR_LOG_TAIL'];
  const files = declaredFiles(options.attachments, options.logTail ?? (log ? { path: log } : undefined));
  const heapSnapshot = heapSnapshotSettings(options.heapSnapshot, environment['FR_HEAP_SNAPSHOT']);
  const collect = namesIn(options.collect ?? environment['FR_COLLECT']?.split(','));
  return {
    declared: [
      ...declaredTypes(collect, files, ownCollectors(options.collectors)),
      ...(heapSnapshot && collect === undefined ? ['heap-snapshot'] : []),
    ],
    ...(heapSnapshot === undefined ? {} : { heapSnapshot }),
    ...(Object.keys(files).length === 0 ? {} : { files }),
    crumbSources: namesIn(options.breadcrumbs ?? environment['FR_BREADCRUMBS']?.split(',')) ?? [],
  };
}

function declaredTypes(
  named: readonly string[] | undefined,
  files: DeclaredFiles,
  collectors: Readonly<Record<string, OwnCollector>>,
): readonly string[] {
  if (named !== undefined) return named.filter((type) => informationType(type) !== undefined);
  const defaults = INFORMATION_TYPES.filter((type) => informationType(type)?.declared);
  return [...defaults, ...Object.keys(files), ...Object.keys(collectors)];
}

function namesIn(list: readonly string[] | undefined): readonly string[] | undefined {
  return list?.map((name) => name.trim()).filter((name) => name !== '');
}

/** From when on a blocked event loop is a hang, in milliseconds. A word that is no time switches nothing on. */
export function hangAfter(said: number | string): number {
  const ms = typeof said === 'number' ? said : milliseconds(said);
  return ms === undefined || !(ms > 0) ? 0 : Math.min(Math.max(ms, 100), 24 * 60 * 60 * 1000);
}

function milliseconds(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(text) ?? [];
  return number === undefined
    ? undefined
    : Number(number) * (unit === 'm' ? 60_000 : unit === 's' ? 1_000 : 1);
}

/** The lower of two consent levels. A word that is no level allows nothing: whoever wrote it meant to restrict. */
export function consentOf(one: string | undefined, other: string | undefined): ConsentLevel {
  const levels: readonly string[] = CONSENT_LEVELS;
  const given = [one ?? '', other ?? ''].filter((level) => level !== '');
  const lowest = Math.min(...given.map((level) => Math.max(0, levels.indexOf(level))));
  return given.length === 0 ? 'standard' : (CONSENT_LEVELS[lowest] ?? 'off');
}

/** The lower of the levels given; who leaves it to somebody to answer sets no bound. */
export function mostConsent(said: readonly (string | undefined)[]): ConsentLevel {
  const [one, other] = said.map((level) => (level === 'ask' ? 'full' : level));
  return consentOf(one, other);
}

/** The answer of the person at the machine as far as the program goes along; while there is none, what may be noted. */
export function answeredConsent(folder: string, most: ConsentLevel): ConsentLevel {
  const answer = readConsentAnswer({ folder });
  return consentOf(answer === undefined || answer === 'open' ? 'standard' : answer, most);
}
