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
const UNSAFE = /[%|\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const ESCAPES = /(?:%[0-9A-F]{2})+/g;
const KEY_FIELDS = 6;

/**
 * Canonical text of a bucket: `v1|program|programVersion|module|moduleVersion|location`. One line, reversible
 * through {@link parseBucketKey}; `%`, `|` and control characters are percent-encoded as in URLs.
 */
export function bucketKey(bucket: Bucket): string {
  const { program, programVersion, module, moduleVersion, location } = bucket;
  return `v1|${[program, programVersion, module, moduleVersion, location].map(escapeField).join('|')}`;
}

/** Canonical text of a problem, the bucket without its two versions: `v1|program|module|location`. */
export function problemKey(bucket: Bucket): string {
  return `v1|${[bucket.program, bucket.module, bucket.location].map(escapeField).join('|')}`;
}

/** The bucket a key names; `undefined` unless `bucketKey` would print exactly this text. */
export function parseBucketKey(key: string): Bucket | undefined {
  const fields = typeof key === 'string' ? key.split('|', KEY_FIELDS + 1) : [];
  const [scheme, program, programVersion, module, moduleVersion, location] = fields.map(unescapeField);
  if (fields.length !== KEY_FIELDS || scheme !== 'v1') return undefined;
  if (program === undefined || programVersion === undefined) return undefined;
  if (module === undefined || moduleVersion === undefined || location === undefined) return undefined;
  const bucket: Bucket = { program, programVersion, module, moduleVersion, location };
  return bucketKey(bucket) === key ? bucket : undefined;
}

function escapeField(text: string): string {
  return String(text).replace(UNSAFE, encodeURIComponent);
}

function unescapeField(text: string): string | undefined {
  try {
    return text.replace(ESCAPES, decodeURIComponent);
  } catch {
    return undefined;
  }
}
