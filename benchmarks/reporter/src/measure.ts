/**
 * Measures what a crash reporter costs its host: fr, other products and bare Node, interleaved, on loopback only.
 *
 *     pnpm --filter @fr/reporter-benchmark measure [--quick] [--only NAME,…] [--write]
 *
 * `--write` puts the table into the README of @fr/reporter-sdk. What is measured must have been built.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measured, newMeasured } from './measured.ts';
import { install, PRODUCTS, type Product } from './product.ts';
import { reportOf } from './report.ts';
import { captures } from './scenario-captures.ts';
import { crashBytes, crashMs, startCost } from './scenario-costs.ts';
import { DEATHS, death, laterDelivery } from './scenario-loss.ts';
import { SERVER_STATES, type ServerState } from './server.ts';

const README = new URL('../../../packages/reporter-sdk/README.md', import.meta.url);
const MARKS = /<!-- figures -->[\s\S]*<!-- \/figures -->/;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
const only = values.only.split(',').filter((name) => name !== '');
const products = PRODUCTS.filter(({ name }) => only.length === 0 || only.includes(name));
const rounds = values.quick
  ? { start: 5, crash: 3, hung: 1, big: 3 }
  : { start: 15, crash: 9, hung: 2, big: 5 };

const folder = mkdtempSync(join(tmpdir(), 'fr-reporter-benchmark-'));
try {
  tell('installing');
  install(folder);
  const measured = new Map(products.map((product) => [product.name, newMeasured()]));
  await costs(measured);
  await losses(measured);
  const report = reportOf(measured, { node: process.version, rounds });
  process.stdout.write(`${report}\n`);
  if (values.write) {
    const text = readFileSync(README, 'utf8');
    writeFileSync(README, text.replace(MARKS, `<!-- figures -->\n${report}\n<!-- /figures -->`));
  }
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Everything that is a cost, round by round, so that a busy moment hits all alike. */
async function costs(measured: ReadonlyMap<string, Measured>): Promise<void> {
  for (let round = 0; round < rounds.start; round++) {
    tell(`start ${round + 1}/${rounds.start}`);
    for (const product of shuffled()) of(measured, product).start.push(await startCost(product, folder));
  }
  for (const server of SERVER_STATES) await crashes(measured, server);
  for (let round = 0; round < rounds.big; round++) {
    tell(`crash at 1 GiB ${round + 1}/${rounds.big}`);
    for (const product of shuffled())
      of(measured, product).big.push(await crashMs(product, folder, 'up', 1024));
  }
}

async function crashes(measured: ReadonlyMap<string, Measured>, server: ServerState): Promise<void> {
  // Some products never end where nobody answers, and are waited for.
  const due = server === 'black hole' ? rounds.hung : rounds.crash;
  for (let round = 0; round < due; round++) {
    tell(`crash, server ${server}, ${round + 1}/${due}`);
    for (const product of shuffled())
      of(measured, product).crash[server].push(await crashMs(product, folder, server));
  }
}

async function losses(measured: ReadonlyMap<string, Measured>): Promise<void> {
  for (const product of products) {
    if (product.costsOnly) continue;
    tell(`losses of ${product.name}`);
    const cell = of(measured, product);
    for (const way of DEATHS) cell.deaths.set(way.name, await death(product, way, folder));
    cell.captures = await captures(product, folder);
    if (product.start === '') continue;
    cell.wireBytes = await crashBytes(product, folder);
    cell.later = await laterDelivery(product, folder);
  }
}

function of(measured: ReadonlyMap<string, Measured>, { name }: Product): Measured {
  const cell = measured.get(name);
  if (!cell) throw new Error(`${name} is not measured`);
  return cell;
}

function shuffled(): readonly Product[] {
  return products
    .map((product) => ({ product, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ product }) => product);
}

function tell(what: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${what}\n`);
}
