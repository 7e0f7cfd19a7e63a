/** A closed list of what can go wrong with a request; stable, for programs. The `detail` beside it is for people. */
export const PROBLEM_CODES = [
  'malformed',
  'too-large',
  'too-deep',
  'unsupported-media-type',
  'unsupported-encoding',
  'unsupported-version',
  'digest-mismatch',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'not-needed',
  'refused-by-policy',
  'lease-needed',
  'lease-over',
  'conflict',
  'busy',
  'storage-full',
  'storage-failed',
  'upstream-unreachable',
  'upstream-refused',
  'no-upstream',
  'internal',
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** RFC 9457 problem document; every HTTP error of every server has this shape. */
export interface ProblemDocument {
  /** `urn:fr:problem:<code>` */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** What was wrong and what to do. */
  readonly detail: string;
}

/** Builds a problem document; the title is the code in words. */
export function problemDocument(code: ProblemCode, status: number, detail: string): ProblemDocument {
  const words = code.replaceAll('-', ' ');
  return {
    type: `urn:fr:problem:${code}`,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    status,
    code,
    detail,
  };
}
