/** Texts that people paste, files that servers hold, keys that come from a network: nothing throws. */
import { bucketKey, bucketOf, errorFromStack, parseBucketKey } from '@fr/bucket';
import {
  debugIdOf,
  inlineSourceMap,
  type SourceMap,
  sourceMapFrom,
  sourceMapUrl,
} from '@fr/bucket/source-map';
import type { Random } from '../random.ts';
import { failureFrom, type Specimen } from '../specimen.ts';
import { draftFrames, printedV8, rootFolder } from '../stack-grammar.ts';
import { mutated, soup } from '../token-soup.ts';
import { broken } from './any-failure.ts';
import { type Check, type Seed, suitableSeed } from './check.ts';

export const pastedStack: Check = {
  name: 'pasted stack',
  make: (random, seeds) => withText(pasted(random, seeds)),
  complaint: ({ more }) => {
    const facts = errorFromStack(String(more['text']));
    const again = errorFromStack(String(facts.stack));
    if (JSON.stringify(again) !== JSON.stringify(facts))
      return `read again, it is another error: ${JSON.stringify([facts, again])}`;
    return broken({ kind: 'error', program: 'shop', programVersion: '1.2.0', error: facts });
  },
};

export const anySourceMap: Check = {
  name: 'any source map',
  make: (random, seeds) => {
    const known = Object.values(random.anyOf(seeds)?.maps ?? {});
    const map = random.anyOf(known) ?? soup(random, 'map', 200);
    const text = random.oneIn(3)
      ? mutated(random, soup(random, 'code'), 'code')
      : mutated(random, map, 'map');
    return withText(text);
  },
  complaint: ({ more }) => {
    const text = String(more['text']);
    for (const known of [debugIdOf(text), sourceMapUrl(text)])
      if (known !== undefined && typeof known !== 'string') return `mark is no text: ${typeof known}`;
    return ask(sourceMapFrom(text)) ?? ask(inlineSourceMap(text));
  },
};

export const anyKey: Check = {
  name: 'any key',
  make: (random) => {
    const fields = Array.from({ length: 5 }, () => soup(random, 'stack', 6));
    const key = random.oneIn(2) ? soup(random, 'stack') : `v1|${fields.join('|')}`;
    return withText(mutated(random, key, 'stack'));
  },
  complaint: ({ more }) => {
    const text = String(more['text']);
    const bucket = parseBucketKey(text);
    if (bucket !== undefined && bucketKey(bucket) !== text) return `key is not what was parsed: ${text}`;
    const [program = '', programVersion = '', module = '', moduleVersion = '', location = ''] =
      text.split('/');
    const key = bucketKey({ program, programVersion, module, moduleVersion, location });
    const again = parseBucketKey(key);
    return again?.program === program && again.location === location
      ? undefined
      : `key does not parse back: ${JSON.stringify(key)}`;
  },
};

/** Maps as JSON text and maps made ready give the same bucket. */
export const bothMapForms: Check = {
  name: 'both map forms',
  make: (random, seeds) => {
    const seed = suitableSeed(random, seeds, ({ maps }) => Object.keys(maps).length > 0);
    if (seed === undefined) return undefined;
    const { program, programVersion, error } = seed.one;
    const { sources, maps } = seed;
    const failure = { kind: 'error', program, programVersion, error };
    return { failure, sources, maps, mapsAs: 'text', more: {} };
  },
  complaint: (specimen) => {
    const [text, made] = (['text', 'made'] as const).map((mapsAs) => failureFrom({ ...specimen, mapsAs }));
    if (text === undefined || made === undefined) return undefined;
    const keys = [text, made].map((failure) => bucketKey(bucketOf(failure)));
    return keys[0] === keys[1] ? undefined : `map forms disagree: ${keys.join(' and ')}`;
  },
};

function ask(map: SourceMap | undefined): string | undefined {
  for (const place of [1, 7, 0, -1, 2 ** 31, Number.NaN]) {
    const found = map?.originalPlace(place, place);
    if (found !== undefined && typeof found.file !== 'string') return `place without file: ${place}`;
    const text = map?.sourceText?.(found?.file ?? 'a.js');
    if (text !== undefined && typeof text !== 'string') return `source is no text: ${typeof text}`;
  }
  return undefined;
}

function pasted(random: Random, seeds: readonly Seed[]): string {
  const stack = random.anyOf(seeds)?.one.error.stack;
  const printed = `Error: x\n${printedV8(draftFrames(random), rootFolder(random))}`;
  const text = random.oneIn(2) && typeof stack === 'string' ? stack : printed;
  return random.oneIn(4) ? soup(random, 'stack') : mutated(random, text, 'stack');
}

function withText(text: string): Specimen {
  return { failure: {}, sources: {}, maps: {}, mapsAs: 'text', more: { text } };
}
