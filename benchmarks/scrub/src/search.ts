import { parseArgs } from 'node:util';
import { scrubText } from '@fr/scrub';
import { stepCounter } from './steps.ts';
import { HOSTILE } from './texts.ts';

/**
 * Looks for the slowest text: `pnpm --filter @fr/scrub-benchmark search [--seed 1] [--tries 4000]`. Breeds short parts
 * which, repeated, take the most steps for each character, and prints the best of them: new ones belong into `texts.ts`.
 * Steps and not times, so that a seed finds the same again.
 */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, tries: { type: 'string', default: '4000' } },
});

const PIECES: readonly string[] = [
  ...' \n"\'\\/.:;,=-_+@%~#*&|<>()[]{}!?$^abefnrtxzAEF0123459é',
  ...HOSTILE,
  ...[
    'password',
    'token',
    'secret',
    'Bearer ',
    'Basic ',
    'BEGIN ',
    'PRIVATE KEY',
    '/Users/',
    '::ffff:',
    '%40',
    'ann',
  ],
  ...[
    'sk-',
    'xox',
    'ghp_',
    'AKIA',
    'glpat-',
    'eyJ',
    '4111',
    'DE89',
    '+49',
    '10.1',
    '://',
    '--',
    '</',
    '\\n',
    '=>',
    ': ',
  ],
];
const SIZE = 3_000;
const LONGEST = 32;
const HERD = 40;

interface Candidate {
  readonly part: string;
  readonly steps: number;
}

let state = Number(values.seed) >>> 0;

function below(limit: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * limit);
}

function pick<Item>(list: readonly Item[], fallback: Item): Item {
  return list[below(list.length)] ?? fallback;
}

/** One of: a piece more, a stretch less, the beginning of one and the end of another. */
function bred(one: string, other: string): string {
  const at = below(one.length + 1);
  const kind = below(3);
  if (kind === 0) return one.slice(0, at) + pick(PIECES, ' ') + one.slice(at);
  if (kind === 1) return one.slice(0, at) + one.slice(at + 1 + below(3));
  return one.slice(0, at) + other.slice(below(other.length + 1));
}

const counter = await stepCounter('/scrub/');
let herd: Candidate[] = [];

async function judge(part: string): Promise<Candidate> {
  const text = part.repeat(Math.ceil(SIZE / part.length));
  return { part, steps: (await counter.count(() => scrubText(text))) / text.length };
}

for (let tried = 0; tried < Number(values.tries); tried += 1) {
  const fresh = herd.length < HERD;
  const part = fresh
    ? pick(PIECES, ' ')
    : bred(pick(herd, herd[0] as Candidate).part, pick(herd, herd[0] as Candidate).part);
  if (part === '' || part.length > LONGEST || herd.some((known) => known.part === part)) continue;
  herd = [...herd, await judge(part)].sort((a, b) => b.steps - a.steps).slice(0, HERD);
}
counter.close();
for (const { part, steps } of herd.slice(0, 12)) console.log(`${steps.toFixed(1)}\t${JSON.stringify(part)}`);
