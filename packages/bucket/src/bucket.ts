import { attempt } from './total.ts';

/**
 * Where a program failed: which program, which module of it, which location in that module. Plain data with
 * these five fields and nothing else, because it travels on the wire and lies in stores for years.
 */
export interface Bucket {
  readonly program: string;
  /** As the program states it; empty when unknown. */
  readonly programVersion: string;
  /** The program itself when its own code is responsible, else the name of the dependency. */
  readonly module: string;
  /** Empty when unknown. */
  readonly moduleVersion: string;
  /** `file#function~position!kind`, or `signal:SIGSEGV`, `exit:3`, `fatal:…`, `hang:…`, `module+0x1a2b`. */
  readonly location: string;
}

// Line and paragraph separators count as control characters here: a key is one line for every tool.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what a key must not hold
const UNSAFE = /[%|\0-\x1f\x7f-\x9f\u2028\u2029]/g;

/**
 * Canonical text of a bucket: `v1|program|programVersion|module|moduleVersion|location`. One line, reversible
 * through {@link parseBucketKey}; `%`, `|` and control characters are percent-encoded as in URLs.
 */
export function bucketKey({ program, programVersion, module, moduleVersion, location }: Bucket): string {
  return key(program, programVersion, module, moduleVersion, location);
}

/** Canonical text of a problem, the bucket without its two versions: `v1|program|module|location`. */
export function problemKey({ program, module, location }: Bucket): string {
  return key(program, module, location);
}

/** The bucket a key names; `undefined` unless `bucketKey` would print exactly this text. */
export function parseBucketKey(key: string): Bucket | undefined {
  const fields = attempt(() => key.split('|', 7).map(decodeURIComponent));
  const [, program = '', programVersion = '', module = '', moduleVersion = '', location = ''] = fields ?? [];
  const bucket: Bucket = { program, programVersion, module, moduleVersion, location };
  return bucketKey(bucket) === key ? bucket : undefined;
}

function key(...fields: readonly string[]): string {
  return ['v1', ...fields.map((field) => String(field).replace(UNSAFE, encodeURIComponent))].join('|');
}
