import { medianOf, printDifference, printTable } from './figures.ts';
import type { Measured } from './measured.ts';
import { SERVER_STATES } from './server.ts';

const BARE = 'bare Node';

/** How often each thing is measured. */
export interface Rounds {
  readonly start: number;
  readonly crash: number;
  readonly hung: number;
  readonly big: number;
}

/** The tables, in Markdown. */
export function reportOf(
  measured: ReadonlyMap<string, Measured>,
  { node, rounds }: { readonly node: string; readonly rounds: Rounds },
): string {
  const bare = measured.get(BARE);
  if (!bare) throw new Error('nothing to compare with: bare Node was not measured');
  return [
    [
      `Node ${node}, Linux; over bare Node: median of the differences in the same round / difference of the lowest values, which`,
      `other work on the machine disturbs least. Interleaved rounds: ${rounds.start} of`,
      `starts, ${rounds.crash} of crashes (${rounds.hung} with a black hole), ${rounds.big} at 1 GiB; deaths and captures once each.`,
      'The rows of an empty `--require` and an empty `--import` do nothing: they show the price of any preload, and how much of',
      'a cell is noise. Of a program’s memory, pages of files (the executable of Node) are shared with other processes.',
    ].join(' '),
    costTable(measured, bare),
    deathTable(measured, bare),
    captureTable(measured),
  ].join('\n\n');
}

function costTable(measured: ReadonlyMap<string, Measured>, bare: Measured): string {
  const head = [
    'product',
    'start: CPU ms',
    'its own processes: CPU ms, MiB',
    'RSS MiB',
    'of it its own: MiB',
    ...SERVER_STATES.map((state) => `throw to exit, server ${state}: ms`),
    'the same at 1 GiB RSS: ms',
    'wire: bytes',
    'delivered after the server was down',
  ];
  const rows = [...measured].map(([name, cell]) => [
    name,
    over(cell.start, bare.start, ({ cpuMs }) => cpuMs),
    beside(cell),
    over(cell.start, bare.start, ({ rssMiB }) => rssMiB),
    over(cell.start, bare.start, ({ ownMiB }) => ownMiB),
    ...SERVER_STATES.map((state) => over(cell.crash[state], bare.crash[state], (ms) => ms)),
    over(cell.big, bare.big, (ms) => ms),
    cell.wireBytes === undefined ? '–' : String(cell.wireBytes),
    cell.later === undefined ? '–' : cell.later ? 'yes' : '**no**',
  ]);
  return printTable([head, ...rows]);
}

function over<T>(values: readonly T[], bare: readonly T[], figure: (value: T) => number | undefined): string {
  const own = values.map(figure);
  const known = own.filter((value) => value !== undefined);
  if (known.length < own.length) return '**never**';
  const others = bare.map((value) => figure(value) ?? Number.NaN);
  if (values === bare) return `${medianOf(known).toFixed(1)} / ${Math.min(...known).toFixed(1)} in all`;
  const median = medianOf(known.map((value, round) => value - (others[round] ?? Number.NaN)));
  return `${printDifference(median)} / ${printDifference(Math.min(...known) - Math.min(...others))}`;
}

function beside({ start }: Measured): string {
  const cpu = medianOf(start.map(({ besideCpuMs }) => besideCpuMs));
  const memory = medianOf(start.map(({ besideMiB }) => besideMiB));
  return memory === 0 ? '–' : `${cpu}, ${memory.toFixed(1)}`;
}

function deathTable(measured: ReadonlyMap<string, Measured>, bare: Measured): string {
  const products = [...measured].filter(([, cell]) => cell.wireBytes !== undefined);
  const rows = [...bare.deaths].map(([way, { end }]) => [
    way,
    end,
    ...products.map(([, cell]) => {
      const taken = cell.deaths.get(way);
      if (!taken) return '–';
      const reported = taken.reported === 'no' ? '**no**' : taken.reported;
      return taken.end === end ? reported : `${reported}; **ends with ${taken.end}**`;
    }),
  ]);
  return printTable([['how it fails', 'bare Node ends with', ...products.map(([name]) => name)], ...rows]);
}

function captureTable(measured: ReadonlyMap<string, Measured>): string {
  const head = [
    '10,000 handled failures of one kind',
    'µs each',
    'memory grows by MiB',
    'with the next 10,000 by MiB',
    'requests',
    'counted',
    'wire: KB',
    'on disk with the server down: KB',
  ];
  const rows = [...measured].flatMap(([name, { captures }]) => {
    if (!captures) return [];
    const { usEach, grownMiB, grownLaterMiB, requests, counted, wireKB, keptKB } = captures;
    return [
      [
        name,
        usEach.toFixed(1),
        grownMiB.toFixed(1),
        grownLaterMiB.toFixed(1),
        String(requests),
        counted === undefined ? '–' : String(counted),
        wireKB.toFixed(1),
        keptKB.toFixed(1),
      ],
    ];
  });
  return printTable([head, ...rows]);
}
