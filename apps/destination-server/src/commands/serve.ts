import { CommandError, serve } from '@fr/server/command';
import type { Command } from 'commander';
import { socketServer, vendorServer } from '../server.ts';
import { openVendor } from '../vendor/vendor.ts';
import { vendorVerbs } from '../verbs/verbs.ts';

interface ServeFlags {
  readonly data: string;
  readonly host: string;
  readonly port: string;
  readonly logLevel: string;
}

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('run the destination server on a folder')
    .requiredOption(
      '--data <dir>',
      'the folder; made if it is not there (or FR_DATA)',
      process.env['FR_DATA'],
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', '0 picks a free one', '8788')
    .option('--log-level <level>', 'silent, error, warn, info or debug', 'warn')
    .action(async (flags: ServeFlags) => await run(flags));
}

async function run({ data, host, port, logLevel }: ServeFlags): Promise<void> {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new CommandError('usage', `--port "${port}" is not a port; use 1 to 65535, or 0 for a free one`);
  }
  const vendor = await openVendor(data, { readOnly: false });
  const verbs = vendorVerbs(vendor, Date.now);
  let ready = false;
  const app = await vendorServer(vendor, verbs, { now: Date.now, ready: () => ready, logLevel });
  await serve({
    app,
    adminApp: await socketServer(verbs, logLevel),
    dir: data,
    host,
    port: number,
    onReady: () => {
      ready = true;
    },
    close: () => vendor.close(),
  });
}
