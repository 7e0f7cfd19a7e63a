import { type SecretKeys, secretKeys } from './lists/secret-keys.ts';
import type { OptionalRule } from './rules.ts';
import { RULES } from './rules.ts';
import { wakesOf } from './scanning/wakes.ts';

/**
 * Local settings of the host's developer or of the site. There is no way to switch scrubbing off, and none of this
 * may be taken from a demand or from anything else that came over the network.
 */
export interface ScrubOptions {
  /** Absolute folders to be written `~`, beside the usual places; e.g. a home on a network drive. */
  readonly homeFolders?: readonly string[];
  /** More keys whose values go. Case and `_ - .` do not matter; `badge` also means `userBadge` and `user_badge`. 3 letters or more. */
  readonly extraKeys?: readonly string[];
  /** Texts that must not travel as whole words, e.g. host or user name; 3 characters or longer, exact case. */
  readonly extraTexts?: readonly string[];
  /** Rules to do without. Only these can be named; anything else is ignored. Default: none. */
  readonly disabled?: readonly OptionalRule[];
}

/** Options made ready for the scanner. */
export interface Settings {
  readonly keys: SecretKeys;
  /** Longest first, without a closing separator. */
  readonly homeFolders: readonly string[];
  readonly extraTexts: readonly string[];
  readonly disabled: ReadonlySet<string>;
  /** Which pairs of characters wake which detectors. */
  readonly wakes: Int32Array;
}

const DEFAULTS: Settings = resolve({});
const known: WeakMap<ScrubOptions, Settings> = new WeakMap();

/** The settings for these options; made once per options object, which must not be changed afterwards. */
export function settingsOf(options: ScrubOptions | undefined): Settings {
  if (options === undefined) return DEFAULTS;
  const before = known.get(options);
  if (before !== undefined) return before;
  const settings = resolve(options);
  known.set(options, settings);
  return settings;
}

function resolve(options: ScrubOptions): Settings {
  const optional = new Set(RULES.filter((rule) => rule.optional).map((rule) => rule.id));
  const homeFolders = longestFirst(strings(options.homeFolders).map(withoutTail).filter(isDeepEnough));
  const extraTexts = longestFirst(strings(options.extraTexts).filter((text) => text.length >= 3));
  return {
    keys: secretKeys(strings(options.extraKeys)),
    homeFolders,
    extraTexts,
    wakes: wakesOf(homeFolders, extraTexts),
    disabled: new Set(strings(options.disabled).filter((id) => optional.has(id))),
  };
}

/** Options often come from a file that somebody wrote by hand: what is no string is left out. */
function strings(list: readonly string[] | undefined): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
}

function longestFirst(list: string[]): string[] {
  return list.sort((a, b) => b.length - a.length);
}

function withoutTail(folder: string): string {
  let end = folder.length;
  while (end > 0 && (folder[end - 1] === '/' || folder[end - 1] === '\\')) end -= 1;
  return folder.slice(0, end);
}

/** `/` or `C:` as a home would turn every path into `~`. */
function isDeepEnough(folder: string): boolean {
  return /^(?:\/[^/]|[A-Za-z]:[\\/][^\\/]|\\\\[^\\])/.test(folder);
}
