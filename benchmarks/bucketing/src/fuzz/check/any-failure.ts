/** Whatever comes as a failure, there is a bucket; its key parses back; the explanation is of that bucket. */
import {
  bucketId,
  bucketKey,
  bucketName,
  bucketOf,
  explain,
  explanationText,
  type Failure,
  isBucketId,
  isProblemId,
  parseBucketKey,
  problemId,
} from '@fr/bucket';
import type { Random } from '../random.ts';
import { failureFrom, type Specimen, WILD } from '../specimen.ts';
import { draftFrames, printedOther, printedV8, rootFolder } from '../stack-grammar.ts';
import { mutated, soup } from '../token-soup.ts';
import type { Check, Seed } from './check.ts';

export const anyFailure: Check = {
  name: 'any failure',
  make: (random, seeds) => ({
    failure: random.oneIn(30) ? wild(random) : anyKind(random, seeds),
    sources: random.oneIn(2) ? texts(random, seeds, 'code') : {},
    maps: random.oneIn(3) ? texts(random, seeds, 'map') : {},
    mapsAs: random.pick(['text', 'value', 'made']),
    more: {},
  }),
  complaint: (specimen) => broken(failureFrom(specimen)),
};

/** Which promise about a bucket a failure breaks; also asked of specimens of other checks. */
export function broken(failure: Failure): string | undefined {
  const bucket = bucketOf(failure);
  const key = bucketKey(bucket);
  const explanation = explain(failure);
  if (explanation.key !== key) return `explanation of another bucket: ${key} and ${explanation.key}`;
  if (bucketKey(bucketOf(failure)) !== key) return `another bucket the second time: ${key}`;
  const again = parseBucketKey(key);
  if (again === undefined || bucketKey(again) !== key) return `key does not parse back: ${key}`;
  if (!key.isWellFormed()) return `key is not well-formed: ${JSON.stringify(key)}`;
  if (key.length > 4000) return `key is too long: ${key.length}`;
  if (!isBucketId(bucketId(bucket)) || explanation.bucketId !== bucketId(bucket)) return 'bucket id: no id';
  if (!isProblemId(problemId(bucket))) return 'problem id: no id';
  if (bucketName(bucket) === '') return 'bucket name: empty';
  return unreadable(explanationText(explanation));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

function unreadable(text: string): string | undefined {
  return CONTROL.test(text) ? `explanation holds control characters: ${JSON.stringify(text)}` : undefined;
}

function anyKind(random: Random, seeds: readonly Seed[]): unknown {
  const kind = random.oneIn(3)
    ? random.pick(['signal', 'exit', 'fatal', 'hang', 'native', 'other'])
    : 'error';
  const fields: Record<string, unknown> = {
    program: maybeWild(random, 'shop'),
    programVersion: maybeWild(random, '1.2.0'),
    error: anyError(random, seeds, 3),
  };
  if (kind !== 'error')
    Object.assign(fields, {
      signal: maybeWild(random, soup(random, 'stack', 4)),
      exitCode: maybeWild(random, random.below(300)),
      trigger: maybeWild(random, soup(random, 'stack', 8)),
      nativeStack: maybeWild(random, [soup(random, 'stack'), ...random.list(5, () => wild(random))]),
      stack: maybeWild(random, anyStack(random, seeds)),
      module: maybeWild(random, soup(random, 'stack', 4)),
      offset: maybeWild(random, random.below(1 << 30)),
    });
  if (random.oneIn(3)) fields.modules = maybeWild(random, { yaml: maybeWild(random, '2.1.0') });
  return { kind, ...fields };
}

function anyError(random: Random, seeds: readonly Seed[], depth: number): unknown {
  if (random.oneIn(40)) return wild(random);
  const seed = random.oneIn(2) ? random.anyOf(seeds)?.one.error : undefined;
  const message = seed?.message ?? soup(random, 'stack', 5);
  const stack = seed?.stack ?? anyStack(random, seeds);
  const error: Record<string, unknown> = {
    name: maybeWild(random, seed?.name ?? random.pick(['TypeError', 'E', soup(random, 'stack', 3)])),
    message: maybeWild(random, random.oneIn(4) ? mutated(random, message, 'stack') : message),
    stack: maybeWild(random, random.oneIn(4) ? stack : mutated(random, stack, 'stack')),
  };
  if (random.oneIn(3)) error['code'] = maybeWild(random, soup(random, 'stack', 3));
  if (random.oneIn(6)) error['syscall'] = maybeWild(random, soup(random, 'stack', 3));
  if (random.oneIn(6)) error['thrown'] = maybeWild(random, 'string');
  if (depth > 0 && random.oneIn(4)) error['cause'] = anyError(random, seeds, depth - 1);
  if (depth > 0 && random.oneIn(6))
    error['errors'] = maybeWild(
      random,
      random.list(4, () => anyError(random, seeds, depth - 1)),
    );
  return error;
}

function anyStack(random: Random, seeds: readonly Seed[]): string {
  const seed = random.oneIn(2) ? random.anyOf(seeds)?.one.error.stack : undefined;
  if (typeof seed === 'string') return seed;
  if (random.oneIn(3)) return soup(random, 'stack');
  const frames = draftFrames(random, 20);
  const root = rootFolder(random);
  return random.oneIn(3) ? printedOther(frames, root) : `TypeError: x\n${printedV8(frames, root)}`;
}

function texts(random: Random, seeds: readonly Seed[], kind: 'code' | 'map'): Specimen['sources'] {
  const seed = random.anyOf(seeds);
  const known = Object.values((kind === 'code' ? seed?.sources : seed?.maps) ?? {});
  const base = random.oneIn(3) ? soup(random, kind) : (random.anyOf(known) ?? soup(random, kind, 200));
  return { '*': random.oneIn(5) ? base : mutated(random, base, kind) };
}

function maybeWild(random: Random, value: unknown): unknown {
  return random.oneIn(25) ? wild(random) : value;
}

function wild(random: Random): unknown {
  const plain: readonly [unknown, ...unknown[]] = [null, 0, -1, true, '', [], {}, ['x', null], { a: 1 }];
  return random.oneIn(2) ? { $: random.pick(WILD) } : random.pick(plain);
}
