/** What a bucketing gets wrong, fault by fault and bucket by bucket: whoever works on the rules starts here. */
import type { Case } from '../case.ts';
import type { JudgedCase } from './judged-case.ts';
import { type Level, truthOf } from './level.ts';

/** The cases of one fault in one bucket. */
interface Share {
  readonly fault: string;
  readonly bucket: string;
  readonly text: string;
  readonly cases: readonly Case[];
}

/** Text of the faults with most cases lost, and of the buckets that hold several faults. */
export function lossText(judged: readonly JudgedCase[], level: Level, most: number): string {
  const shares = sharesOf(judged, level);
  const byFault = grouped(shares, ({ fault }) => fault);
  const byBucket = grouped(shares, ({ bucket }) => bucket);
  const faults = [...byFault.values()]
    .map((ofFault) => ({ ofFault, lost: lostCases(ofFault, byBucket) }))
    .filter(({ lost }) => lost > 0)
    .sort((a, b) => b.lost - a.lost);
  const merged = [...byBucket.values()]
    .filter((inBucket) => inBucket.length > 1)
    .sort((a, b) => strangers(b) - strangers(a));
  return [
    `${faults.length} faults lose cases, ${merged.length} buckets hold several faults (${level} level)`,
    ...faults.slice(0, most).map(({ ofFault, lost }) => faultText(ofFault, lost, byBucket)),
    ...(merged.length > 0 ? ['', 'Buckets with several faults'] : []),
    ...merged.slice(0, most).map(mergeText),
  ].join('\n');
}

function sharesOf(judged: readonly JudgedCase[], level: Level): readonly Share[] {
  const counted = judged.filter(({ one }) => truthOf(one, level) !== undefined);
  const cells = grouped(counted, ({ one, verdict }) => JSON.stringify([truthOf(one, level), verdict[level]]));
  return [...cells.values()].flatMap((cell) => {
    const [first] = cell;
    if (first === undefined) return [];
    const fault = truthOf(first.one, level) ?? '';
    const { verdict } = first;
    return [{ fault, bucket: verdict[level], text: verdict.text, cases: cell.map(({ one }) => one) }];
  });
}

/** Cases outside the fault's main bucket, or in a bucket that is mostly another fault's. */
function lostCases(ofFault: readonly Share[], byBucket: ReadonlyMap<string, readonly Share[]>): number {
  const [main] = bySize(ofFault);
  return ofFault
    .filter((share) => share !== main || bySize(byBucket.get(share.bucket) ?? [])[0] !== share)
    .reduce((sum, { cases }) => sum + cases.length, 0);
}

function faultText(
  ofFault: readonly Share[],
  lost: number,
  byBucket: ReadonlyMap<string, readonly Share[]>,
): string {
  const all = ofFault.reduce((sum, { cases }) => sum + cases.length, 0);
  const lines = bySize(ofFault).flatMap((share) => {
    const others = (byBucket.get(share.bucket) ?? []).filter((other) => other !== share);
    return [
      `  ${String(share.cases.length).padStart(5)}  ${share.text}`,
      `         ${exampleText(share)}`,
      ...bySize(others).map((other) => `         also ${other.fault} (${other.cases.length})`),
    ];
  });
  return ['', `${ofFault[0]?.fault}: ${lost} of ${all} cases lost`, ...lines].join('\n');
}

function mergeText(inBucket: readonly Share[]): string {
  const lines = bySize(inBucket).map(
    (share) => `  ${String(share.cases.length).padStart(5)}  ${share.fault}  ${exampleText(share)}`,
  );
  return ['', inBucket[0]?.text ?? '', ...lines].join('\n');
}

/** One case, and which scopes the others are of. */
function exampleText({ cases }: Share): string {
  const scopes = [...grouped(cases, ({ scope }) => scope)].map(([scope, { length }]) => `${scope} ${length}`);
  return `e.g. ${cases[0]?.how ?? ''} [${scopes.join(', ')}]`;
}

function strangers(inBucket: readonly Share[]): number {
  return bySize(inBucket)
    .slice(1)
    .reduce((sum, { cases }) => sum + cases.length, 0);
}

function bySize(shares: readonly Share[]): readonly Share[] {
  return shares.toSorted((a, b) => b.cases.length - a.cases.length || (a.fault < b.fault ? -1 : 1));
}

function grouped<Item>(
  items: readonly Item[],
  name: (item: Item) => string,
): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(items, name);
}
