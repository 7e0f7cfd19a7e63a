/**
 * Under which circumstances a demand asks: pure functions of what was signed and what is known. What is not known is not
 * met, so that a condition only ever narrows what a demand asks for.
 * @module
 */
import type { Bucket } from '@fr/bucket';
import { type DemandConditions, type DemandTerms, matchesBucket, matchesGlob } from '@fr/protocol';
import { VERSION_PATTERN, versionFits } from '../policy/version-range.ts';

/** What conditions are held against. */
export interface ConditionFacts {
  readonly bucket: Bucket;
  /** Where the entry in question came about; absent where none is in question yet, and platforms are not looked at. */
  readonly entry?: { readonly platform?: string | undefined } | undefined;
  /** Hits of the bucket; absent where whoever decides does not count them for the demand's author. */
  readonly hits?: number | undefined;
}

/** Why a demand's conditions are not met, or nothing where they are. */
export function unmetCondition(
  when: DemandConditions | undefined,
  { bucket, entry, hits }: ConditionFacts,
): string | undefined {
  if (!when) return undefined;
  return unmetVersion(when, bucket.programVersion) ?? unmetPlatform(when, entry) ?? unmetHits(when, hits);
}

/** Whether a demand speaks of a bucket (and, where one is in question, an entry) as things are. */
export function asksAbout(
  { pattern, when }: Pick<DemandTerms, 'pattern' | 'when'>,
  facts: ConditionFacts,
): boolean {
  return matchesBucket(pattern, facts.bucket) && unmetCondition(when, facts) === undefined;
}

function unmetVersion({ programVersion: wanted }: DemandConditions, version: string): string | undefined {
  if (wanted === undefined) return undefined;
  const fit = versionFits(wanted, version);
  if (fit === 'yes') return undefined;
  if (fit === 'unclear') return `"${version}" is no version that could be compared with ${wanted}`;
  return `its version is ${version}, asked is for ${wanted}`;
}

function unmetPlatform({ platforms }: DemandConditions, entry: ConditionFacts['entry']): string | undefined {
  if (platforms === undefined || !entry) return undefined;
  const { platform } = entry;
  const asked = `asked is for ${platforms.join(' or ')}`;
  if (platform === undefined) return `where it failed is not known, ${asked}`;
  return platforms.some((glob) => matchesGlob(glob, platform))
    ? undefined
    : `it failed on ${platform}, ${asked}`;
}

function unmetHits({ hits: bounds }: DemandConditions, hits: number | undefined): string | undefined {
  if (bounds === undefined || hits === undefined) return undefined;
  const { atLeast, atMost } = bounds;
  if (atLeast !== undefined && hits < atLeast) return `${hits} hits, asked from ${atLeast} on`;
  return atMost !== undefined && hits > atMost ? `${hits} hits, asked up to ${atMost}` : undefined;
}

/** Conditions in words, as {@link parseConditions} reads them; empty where there are none. */
export function printConditions({
  platforms,
  programVersion,
  hits,
}: DemandConditions = {}): readonly string[] {
  return [
    ...(platforms ?? []).map((platform) => `platform ${platform}`),
    ...(programVersion === undefined ? [] : [`version ${programVersion}`]),
    ...(hits?.atLeast === undefined ? [] : [`hits >= ${hits.atLeast}`]),
    ...(hits?.atMost === undefined ? [] : [`hits <= ${hits.atMost}`]),
  ];
}

/**
 * Reads conditions as people write them: `platform linux-*` (several: one of them), `version >=1.2 <2`, `hits >= 100`,
 * `hits <= 5`. Nothing for an empty list; what is wrong with them otherwise.
 */
export function parseConditions(
  texts: readonly string[],
): { readonly when: DemandConditions | undefined } | { readonly problem: string } {
  let when: DemandConditions = {};
  for (const text of texts) {
    const next = withCondition(when, text.trim());
    if (typeof next === 'string') return { problem: next };
    when = next;
  }
  return { when: texts.length === 0 ? undefined : when };
}

function withCondition(when: DemandConditions, text: string): DemandConditions | string {
  const [, platform] = /^platform\s*=?\s*([a-z0-9*-]{1,64})$/.exec(text) ?? [];
  if (platform !== undefined) return { ...when, platforms: [...(when.platforms ?? []), platform] };
  const [, sign, count] = /^hits\s*(>=|<=)\s*([0-9]{1,15})$/.exec(text) ?? [];
  if (sign !== undefined) {
    const bound = sign === '>=' ? { atLeast: Number(count) } : { atMost: Number(count) };
    return { ...when, hits: { ...when.hits, ...bound } };
  }
  const [, version] = /^version\s*(.+)$/.exec(text) ?? [];
  if (version === undefined)
    return `"${text}" is no condition; write "platform linux-*", "version >=1.2 <2", "hits >= 100" or "hits <= 5"`;
  const wanted = version.replace(/^=(?=[^0-9]|.*\*)/, '').trim();
  if (when.programVersion !== undefined)
    return 'one range of versions is enough; alternatives are joined by ||';
  if (!new RegExp(VERSION_PATTERN).test(wanted))
    return `"${wanted}" is no version and no range; write 1.4.*, or >=1.2 <2`;
  return { ...when, programVersion: wanted };
}
