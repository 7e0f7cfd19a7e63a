import type { Movement, Step } from './main-job/step.ts';
import type { World } from './main-job/world.ts';

const COLOR = process.stdout.isTTY && !process.env['NO_COLOR'];

function paint(code: number, text: string): string {
  return COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** First lines: who is who. */
export function opening(dir: string): string {
  return [
    '',
    paint(1, 'fr: crash reporting in which nothing is sent until somebody asks for it'),
    '',
    'Two client machines, one site with a file server, one vendor with a destination server.',
    `All real processes, on this machine, in ${dir}.`,
    '',
  ].join('\n');
}

/** One step: the story, what travelled, what was seen. */
export function printStep(number: number, step: Step): string {
  const marks = step.observations.map(({ what, seen, instead }) =>
    seen ? `   ${paint(32, '✓')} ${what}` : `   ${paint(31, '✗')} ${what}\n     instead: ${instead ?? '?'}`,
  );
  return [
    '',
    paint(1, `${number}. ${step.title}`),
    ...wrap(step.story, 96).map((line) => `   ${line}`),
    ...table(step.movements),
    ...marks,
    '',
  ].join('\n');
}

function table(movements: readonly Movement[]): string[] {
  if (movements.length === 0) return ['', '   (nothing travelled)', ''];
  const cells = movements.map((each) => [
    each.hop,
    each.what,
    String(each.headerBytes),
    String(each.payloadBytes),
  ]);
  const rows = [['where', 'what happened', 'header bytes', 'payload bytes'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return ['', ...lines.map((line, index) => `   ${index === 0 ? paint(2, line) : line}`), ''];
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Last lines: whether all of it was seen. */
export function verdict(seen: boolean, milliseconds: number): string {
  const seconds = (milliseconds / 1000).toFixed(1);
  return seen
    ? `\n${paint(32, `Everything was observed, in ${seconds} s.`)}\n`
    : `\n${paint(31, `Not everything was observed (after ${seconds} s): see the ✗ above.`)}\n`;
}

/** How to look further. */
export function explore(world: World | undefined): string {
  if (!world) {
    return ['', 'To explore it yourself, keep the servers running:  npx -y pnpm@12 demo --keep', ''].join(
      '\n',
    );
  }
  const commands = [
    `npx -y pnpm@12 exec fr-admin buckets --data ${world.siteData}`,
    `npx -y pnpm@12 exec fr-admin ledger --data ${world.siteData}`,
    `npx -y pnpm@12 exec fr-admin demands --data ${world.siteData}`,
    `npx -y pnpm@12 exec fr-destination entries --data ${world.vendorData}`,
    `npx -y pnpm@12 exec fr-reporter status --spool '${world.clientB.spool}'`,
    `FR_SERVER=${world.site.url} node --import @fr/reporter-sdk/register src/main.js orders/with-coupon.yaml   (in ${world.clientA.program})`,
  ];
  return [
    '',
    'Still running:',
    `  file server         ${world.site.url}`,
    `  destination server  ${world.vendor.url}`,
    '',
    'Explore:',
    ...commands.map((line) => `  ${line}`),
    '',
    'Stop with Ctrl+C; the folder stays.',
    '',
  ].join('\n');
}
