import { Command } from 'commander';
import yargs from 'yargs';

function exportReport(file, options) {
  const format = { csv: { ending: '.csv' }, json: { ending: '.json' } }[options.format];
  console.log(`${file}${format.ending}`);
}

async function pushReport(target) {
  await null;
  const url = new URL(target);
  console.log(url.searchParams.get('token').slice(0, 4));
}

function program() {
  const command = new Command('report').exitOverride();
  command.configureOutput({ writeErr() {} });
  command.command('export <file>').option('--format <name>').action(exportReport);
  command.command('push <target>').action(pushReport);
  return command;
}

/** The command line as users type it. */
export function runReport(words) {
  program().parse(words, { from: 'user' });
}

/** The same where commands may take time. */
export async function runReportAsync(words) {
  await program().parseAsync(words, { from: 'user' });
}

function countOf(text) {
  const digits = text.match(/^\d+$/);
  return Number(digits[0]);
}

function printLabels(options) {
  const size = options.size.split('x');
  console.log(size[1].trim());
}

/** Labels for parcels. */
export function runLabels(words) {
  yargs(words)
    .command('print', 'prints labels', (command) => command.option('size', { type: 'string' }), printLabels)
    .command('count <number>', 'counts labels', (command) => command.coerce('number', countOf))
    .demandCommand(1)
    .strict()
    .exitProcess(false)
    .fail(false)
    .parse();
}
