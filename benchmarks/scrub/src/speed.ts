import { parseArgs } from 'node:util';
import { scrubText } from '@fr/scrub';
import { contest, type Figure, type Scrubber } from './contest.ts';
import { scrubWithExpressions } from './expressions.ts';
import { installPeers } from './peers.ts';
import { hostileSamples, ordinarySamples, type Sample } from './texts.ts';

/** Prints CPU milliseconds per MB: `pnpm --filter @fr/scrub-benchmark speed [--peers] [--size 1000000] [--rounds 20]`. */
const { values } = parseArgs({
  options: {
    peers: { type: 'boolean', default: false },
    size: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '20' },
  },
});

const scrubbers: readonly Scrubber[] = [
  { name: '@fr/scrub', scrub: scrubText },
  { name: 'expressions', scrub: scrubWithExpressions },
  ...(values.peers ? installPeers() : []),
];

report('ordinary text', ordinarySamples(Number(values.size)), scrubbers);
// The others are not linear: on a whole MB of these they would never come back.
report('hostile text', hostileSamples(Number(values.size)), scrubbers.slice(0, 1));
report('hostile text, 10 kB', hostileSamples(10_000), scrubbers);

function report(title: string, samples: readonly Sample[], among: readonly Scrubber[]): void {
  console.log(`\n${title}: CPU ms per MB, best / median / 90 % (times the median of @fr/scrub)`);
  console.log(['', ...among.map(({ name }) => name)].join('\t'));
  for (const sample of samples) {
    const figures = contest(sample, among, Number(values.rounds));
    const own = figures[0]?.median ?? Number.NaN;
    console.log([sample.name, ...figures.map((figure) => cell(figure, own))].join('\t'));
  }
}

function cell(figure: Figure | undefined, own: number): string {
  if (figure === undefined) return '-';
  const ratio = figure.median === own ? '' : ` (${(figure.median / own).toFixed(1)}×)`;
  return `${figure.best.toFixed(1)} / ${figure.median.toFixed(1)} / ${figure.slow.toFixed(1)}${ratio}`;
}
