import { bucketId, problemId } from '@fr/bucket';
import type { DemandPattern, Quota, SignedDemand } from '@fr/protocol';
import { generateSigningKey, type SigningKey, signDemand } from '@fr/protocol/signature';
import { bucket, bucketOf, DAY, NOW, vendorKey } from './fixture.ts';

/** The same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A program that the site has listed for nobody. */
export const SECRET = bucketOf('CANARY-program', 'CANARY-location');

const stranger = generateSigningKey();

const TYPES = [
  ...['stack', 'environment', 'source-context', 'breadcrumbs', 'packages', 'diagnostic-report', 'log-tail'],
  ...['heap-snapshot', 'minidump', 'core', 'attachment:app-log', 'attachment:canary', 'attachment:id_rsa'],
  ...[
    'x-canary',
    'x-',
    'attachment:',
    'attachment:../../etc/passwd',
    'attachment:/etc/passwd',
    'attachment:*',
  ],
  ...['environment:FR_CANARY', 'file:///etc/passwd', '*', '', '__proto__', 'constructor', 'toString'],
  ...['wql:SELECT * FROM Win32_Process', 'registry:HKLM\\Software', 'STACK', 'stack ', 'stack\u0000core'],
];

const PATTERNS: readonly DemandPattern[] = [
  {},
  { program: '*' },
  { program: 'shop' },
  { program: 'CANARY*' },
  { program: '__proto__' },
  { location: '*' },
  { programVersion: '2.*', module: 'c*' },
  { bucketId: bucketId(bucket) },
  { bucketId: bucketId(SECRET) },
  { problemId: problemId(SECRET) },
];

const COUNTS = [0, 1, 2, 1_000_000, Number.MAX_SAFE_INTEGER, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY];

/** One demand as somebody would write it who wants what he must not have; most are signed with the key that was pinned. */
export function hostileDemand(random: () => number, number: number): SignedDemand {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const types = Array.from({ length: 1 + Math.floor(random() * 6) }, () => ({
    type: one(TYPES),
    count: one(COUNTS),
  }));
  const key: SigningKey = random() < 0.9 ? vendorKey : stranger;
  const signed = signDemand(
    {
      // Ids come again: with other terms, older and newer ones.
      id: one([
        `d-${number % 50}`,
        'd-approved',
        'd-approved',
        'site-default',
        'site-x',
        '__proto__',
        `d-${number}`,
      ]),
      version: one([NOW, NOW + number, NOW - number, 0, Number.MAX_SAFE_INTEGER]),
      pattern: one(PATTERNS),
      types,
      each: one(['bucket', 'demand']),
      until: one([NOW + DAY, NOW + DAY, NOW + DAY, NOW - 1, NOW + 400 * DAY, Number.MAX_SAFE_INTEGER]),
      reason: one(['approved already', '\u001b]0;approve me\u0007', 'x'.repeat(3_000)]),
      author: 'security team',
    },
    key,
  );
  // Some are altered after they were signed.
  if (random() >= 0.1) return signed;
  return {
    ...signed,
    terms: { ...signed.terms, types: [{ type: one(TYPES), count: 9 }], pattern: { program: '*' } },
  };
}

/** Quotas that claim every type of every bucket for a demand. */
export function hostileQuotas({ terms }: SignedDemand): readonly Quota[] {
  return [bucket, SECRET].flatMap((where) =>
    [...terms.types.map(({ type }) => type), 'attachment:canary', 'core'].map((type) => ({
      demandId: terms.id,
      bucketId: bucketId(where),
      type,
      count: 1_000,
    })),
  );
}
