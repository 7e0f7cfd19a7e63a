/**
 * Settings that are there and cannot mean what somebody wanted. Each has an effect all the same, the careful one; who
 * looks, by `FR_DEBUG` or with `fr-reporter doctor`, is told.
 * @module
 */
import { CONSENT_LEVELS, informationType } from '@fr/protocol';

type Variables = Readonly<Record<string, string | undefined>>;

const SWITCH = /^(?:auto|off|0|1|true|false|on|yes|no)$/i;
const TIME = /^\d+(?:\.\d+)?(?:ms|s|m)?$/;
/** Dumps of a process: who makes them here (the kernel, systemd) and where, no program can say of itself. */
const UNCOLLECTED: readonly string[] = ['minidump', 'core'];
const CRUMBS: readonly string[] = ['console', 'http'];

/** One by one what a value would have to be, and what it counts as now. */
const VALUES: readonly (readonly [name: string, fits: (value: string) => boolean, say: string])[] = [
  ['FR_CONSENT', isConsent, `is none of ${[...CONSENT_LEVELS, 'ask'].join(', ')}; it counts as off`],
  [
    'FR_GUARD',
    (value) => value === 'late' || SWITCH.test(value),
    'is none of auto, late, off; it counts as auto',
  ],
  ['FR_FATAL_REPORT', (value) => SWITCH.test(value), 'is neither auto nor off; it counts as auto'],
  [
    'FR_HANG',
    (value) => value === 'off' || TIME.test(value),
    'is no time such as 5s; hangs are not watched for',
  ],
  [
    'FR_EXIT_WAIT',
    (value) => /^\d{1,6}(?:ms|s)$/.test(value),
    'is no time such as 300ms or 2s; nothing is waited for',
  ],
  ['FR_COLLECT', everyName(isType), 'names what is no information type; that is left out'],
  [
    'FR_COLLECT',
    everyName((name) => !UNCOLLECTED.includes(name)),
    'names a type that fr has no collector for; nothing of it is ever sent',
  ],
  [
    'FR_BREADCRUMBS',
    everyName((name) => CRUMBS.includes(name)),
    'names others than console and http; they are left out',
  ],
  ['FR_HEAP_SNAPSHOT', (value) => Number(value) > 0, 'is no number of MiB; there are no heap snapshots'],
];

/** All that is wrong, in one line for stderr; empty where nothing is, or where fr is not wanted. */
export function misread(
  settings: { readonly server: string; readonly key: string } | string,
  environment: Variables,
): string {
  if (settings === 'disabled' || settings === 'no-server') return '';
  const wrong = [
    ...(typeof settings === 'string' ? [] : misreadAddress(settings.server, settings.key)),
    ...misreadVariables(environment),
  ];
  return wrong.length === 0 ? '' : `fr: ${wrong.join('; ')}\n`;
}

/** What is wrong with server and key, in sentences. */
export function misreadAddress(server: string, key: string): readonly string[] {
  return [
    ...(server === '' || /^https?:\/\/[^/]/i.test(server)
      ? []
      : [
          `the server ${quoted(server)} is no http address, so failures wait in the spool; set FR_SERVER to one`,
        ]),
    ...(key === '' || /^frk_[a-z2-7]{32}_[a-z2-7]{26}$/.test(key.trim())
      ? []
      : ['FR_KEY is no reporter key (frk_…), or a part of it is missing']),
  ];
}

/** Which variables of the environment say what nothing can be made of, in sentences. */
export function misreadVariables(environment: Variables): readonly string[] {
  return VALUES.flatMap(([name, fits, say]) => {
    const value = environment[name] ?? '';
    return value === '' || fits(value) ? [] : [`${name} ${quoted(value)} ${say}`];
  });
}

function isConsent(value: string): boolean {
  return value === 'ask' || CONSENT_LEVELS.some((level) => level === value);
}

function isType(name: string): boolean {
  return informationType(name) !== undefined;
}

function everyName(fits: (name: string) => boolean): (value: string) => boolean {
  return (value) =>
    value
      .split(',')
      .map((name) => name.trim())
      .every((name) => name === '' || fits(name));
}

/** On one line, whatever stands in it. */
function quoted(value: string): string {
  return JSON.stringify(value.slice(0, 80));
}
