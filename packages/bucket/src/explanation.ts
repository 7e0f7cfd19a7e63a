import type { Bucket } from './bucket.ts';

/** One step of the reasoning: the rule that fired and what it saw. */
export interface RuleNote {
  readonly rule: string;
  readonly reason: string;
}

/** Something of the failure that did not count, and why. */
export interface LeftOut {
  readonly what: string;
  readonly reason: string;
}

/** The frame held responsible, in the words of the bucket. */
export interface ChosenFrame {
  /** Frame as the stack printed it. */
  readonly text: string;
  readonly module: string;
  readonly file: string;
  /** Empty for code outside any named function. */
  readonly function: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

/** Why a failure has its bucket; plain data. */
export interface Explanation {
  readonly scheme: string;
  readonly bucket: Bucket;
  readonly key: string;
  readonly bucketId: string;
  readonly problemId: string;
  readonly name: string;
  /** Absent when no frame was found responsible. */
  readonly frame?: ChosenFrame;
  /** In the order in which they fired. */
  readonly rules: readonly RuleNote[];
  readonly leftOut: readonly LeftOut[];
}

/** An explanation for people, a few short lines; control characters in it are those of the input, replaced. */
export function explanationText(explanation: Explanation): string {
  const { bucket, frame } = explanation;
  const lines = [
    explanation.name,
    `  bucket   ${explanation.bucketId}  ${explanation.key}`,
    `  problem  ${explanation.problemId}`,
    `  module   ${bucket.module}${bucket.moduleVersion && `@${bucket.moduleVersion}`}`,
    `  location ${bucket.location}`,
    ...(frame ? [`  frame    ${frame.text.trim()}`] : []),
    'because',
    ...explanation.rules.map(({ rule, reason }) => `  ${rule}: ${reason}`),
    ...(explanation.leftOut.length > 0 ? ['left out'] : []),
    ...explanation.leftOut.map(({ what, reason }) => `  ${what}: ${reason}`),
  ];
  return lines.map(printable).join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal must not obey what a stack says
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

function printable(line: string): string {
  return line.replace(CONTROL, '\u{fffd}');
}
