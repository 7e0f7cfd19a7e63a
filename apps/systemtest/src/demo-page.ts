import type { ServerProcess } from '@fr/test-harness';
import { recordedSums } from './harness/recording-proxy.ts';
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

/** What it was all about, in the figures of this run. */
export function moral(world: World): string {
  const crashes = world.siteDoor.requests.filter(({ path }) => path === '/v1/hits').length;
  const { headerBytes, payloadBytes } = recordedSums(world.vendorDoor.requests);
  return [
    '',
    paint(1, 'What you have seen, and other crash reporters do not do'),
    `   ${crashes} crashes were counted, and ${payloadBytes} bytes of payload left the building: one stack and one report, because`,
    '   they were asked for. The other stacks and environments stayed where they are, with the people they are about.',
    `   The ${headerBytes} bytes of headers are buckets and totals of a program the site had agreed to name.`,
    '   The report left because an administrator read the reason and said yes; a ledger proves the rest did not.',
    '   The next crash of this fault, and the millionth, costs a count.',
    '',
  ].join('\n');
}

/** What to do next, after a demo that left nothing behind. */
export function invitation(): string {
  return '\nTo explore it yourself, keep everything running:  npx -y pnpm@12 demo --keep\n\n';
}

/** How to look further, with everything still running. */
export function explore(world: World, site: ServerProcess): string {
  const { vendor, siteData, vendorData, clientA } = world;
  const run = 'npx -y pnpm@12 exec';
  return [
    '',
    'Still running:',
    `  file server         ${site.url}  (process ${site.pid})`,
    `  destination server  ${vendor.url}  (process ${vendor.pid})`,
    '',
    'What the site holds, what is asked of it, what left it:',
    `  ${run} fr-admin buckets --data ${siteData}`,
    `  ${run} fr-admin demands --data ${siteData}`,
    `  ${run} fr-admin ledger --data ${siteData}`,
    'What the vendor sees:',
    `  ${run} fr-destination entries --data ${vendorData}`,
    'Crash it once more, and look what its reporter says:',
    `  (cd ${clientA.program} && FR_SERVER=${site.url} FR_SPOOL_DIR=${clientA.spool} node --import @fr/reporter-sdk/register src/main.js orders/with-coupon.yaml)`,
    `  ${run} fr-reporter status --spool ${clientA.spool}`,
    '',
    `Stop and forget it:  kill ${site.pid} ${vendor.pid} && rm -r ${world.dir}`,
    '',
    '',
  ].join('\n');
}
