/**
 * A case as it would have been on another operating system. Node prints the same frames there; what differs is how
 * paths look (drives, backslashes, shares; URLs of all three) and the numbers of system errors.
 */
import { pathToFileURL } from 'node:url';
import type { ErrorFacts } from '@fr/bucket';
import type { Case } from '../case.ts';
import { mapTexts } from './facts.ts';

export interface Place {
  readonly platform: 'win32' | 'darwin';
  /** The install folder there. */
  readonly folder: string;
}

/** Typical install folders of a program, by platform. */
export function placesOf(program: string): readonly Place[] {
  return [
    { platform: 'win32', folder: `C:\\Users\\Jörg Meier\\AppData\\Local\\Programs\\${program}` },
    { platform: 'win32', folder: `C:\\Program Files (x86)\\${program}\\resources\\app` },
    { platform: 'win32', folder: `\\\\fileserver01\\apps$\\${program}` },
    { platform: 'win32', folder: `d:\\a\\1\\s\\node_modules\\${program}` },
    { platform: 'darwin', folder: `/Users/zoë/Projects/${program}` },
    { platform: 'darwin', folder: `/Applications/${program}.app/Contents/Resources/app` },
  ];
}

/** The case, moved from its install folder on Linux to another place. */
export function movedTo(place: Place, from: string, observed: Case): Case {
  const rewrite = (text: string): string => movedText(place, from, text);
  const error = mapTexts(otherNumbers(place, observed.error), rewrite);
  return {
    ...observed,
    platform: place.platform,
    error,
    sources: renamedKeys(observed.sources, rewrite),
    maps: renamedKeys(observed.maps, rewrite),
  };
}

function movedText(place: Place, from: string, text: string): string {
  const windows = place.platform === 'win32';
  const url = pathToFileURL(place.folder, { windows }).href;
  const inUrls = text.replaceAll(pathToFileURL(from).href, url);
  return inUrls
    .split(from)
    .map((part, index) => {
      if (index === 0) return part;
      const rest = /^[\w@./+$-]*/.exec(part)?.[0] ?? '';
      return place.folder + (windows ? rest.replaceAll('/', '\\') : rest) + part.slice(rest.length);
    })
    .join('');
}

function renamedKeys(
  record: Readonly<Record<string, string>>,
  rewrite: (text: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [rewrite(key), value]));
}

/** libuv's numbers, which are the system's own with a minus on macOS and its own series on Windows. */
const NUMBERS: Readonly<Record<string, Readonly<Record<Place['platform'], number>>>> = {
  ENOENT: { win32: -4058, darwin: -2 },
  EISDIR: { win32: -4068, darwin: -21 },
  ENOTDIR: { win32: -4052, darwin: -20 },
  EACCES: { win32: -4092, darwin: -13 },
  ECONNREFUSED: { win32: -4078, darwin: -61 },
  EADDRINUSE: { win32: -4091, darwin: -48 },
};

function otherNumbers(place: Place, error: ErrorFacts): ErrorFacts {
  const errno = typeof error.errno === 'number' ? NUMBERS[String(error.code)]?.[place.platform] : undefined;
  return {
    ...error,
    ...(errno === undefined ? {} : { errno }),
    ...(error.cause ? { cause: otherNumbers(place, error.cause) } : {}),
    ...(error.errors ? { errors: error.errors.map((one) => otherNumbers(place, one)) } : {}),
  };
}
