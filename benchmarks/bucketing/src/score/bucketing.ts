/** The bucketings under comparison: fr's own rules and the usual ones. */
import type { ErrorFailure } from '@fr/bucket';
import { bucketKey, bucketOf, problemKey } from '@fr/bucket';
import type { Baseline } from '../baselines/baseline.ts';
import { bugsnagLike } from '../baselines/bugsnag-like.ts';
import { nameAndMessage } from '../baselines/name-and-message.ts';
import { rollbarLike } from '../baselines/rollbar-like.ts';
import { sentryLike } from '../baselines/sentry-like.ts';
import { stackHash } from '../baselines/stack-hash.ts';
import { topFrame } from '../baselines/top-frame.ts';
import { topOwnFrame } from '../baselines/top-own-frame.ts';
import type { Evidence } from './evidence.ts';

/** What a bucketing says of one case. */
export interface Verdict {
  /** Equal for two cases that it takes for one fault in one version of the program. */
  readonly bucket: string;
  /** Equal for two cases that it takes for one fault, whatever the version. */
  readonly problem: string;
  /** For people: where the fault is, without program and program version. */
  readonly text: string;
}

export interface Bucketing {
  readonly name: string;
  readonly judge: (evidence: Evidence) => Verdict;
}

/** fr's own, first in every table. */
export const FR: Bucketing = { name: 'fr', judge: (evidence) => verdictOf(failureOf(evidence)) };

/** What fr makes of the stack alone, on a host whose files and maps nobody can read. */
const FR_ON_STACKS: Bucketing = {
  name: 'fr, stacks alone',
  judge: ({ source: _, mapText: __, files: ___, ...facts }) => verdictOf({ kind: 'error', ...facts }),
};

function verdictOf(failure: ErrorFailure): Verdict {
  const bucket = bucketOf(failure);
  const { program, module, moduleVersion, location } = bucket;
  const where = module === program ? '' : `${module}${moduleVersion && `@${moduleVersion}`} `;
  return { bucket: bucketKey(bucket), problem: problemKey(bucket), text: `${where}${location}` };
}

export const BUCKETINGS: readonly Bucketing[] = [
  FR,
  FR_ON_STACKS,
  ...[topOwnFrame, sentryLike, bugsnagLike, rollbarLike, topFrame, nameAndMessage, stackHash].map(bucketing),
];

/** The failure as fr's rules are given it. */
function failureOf({ source, mapText, files: _, ...facts }: Evidence): ErrorFailure {
  return { kind: 'error', ...facts, source, sourceMap: mapText };
}

/** Every product keeps programs apart, and whoever wants can keep releases apart. */
function bucketing({ name, keyOf }: Baseline): Bucketing {
  return {
    name,
    judge: (evidence) => {
      const key = keyOf(evidence);
      const { program, programVersion } = evidence;
      return {
        bucket: JSON.stringify([program, programVersion, key]),
        problem: JSON.stringify([program, key]),
        text: key,
      };
    },
  };
}
