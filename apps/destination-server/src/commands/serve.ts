import { type ListenFlags, listenAddress, openFolder, serve, withListening } from '@fr/server/command';
import type { Command } from 'commander';
import { socketServer, vendorServer } from '../server.ts';
import { openVendor } from '../vendor/vendor.ts';
import { vendorVerbs } from '../verbs/verbs.ts';

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the destination server on a folder');
  withListening(command, 8788).action(async (flags: ListenFlags) => await run(flags));
}

async function run(flags: ListenFlags): Promise<void> {
  const { data, logLevel } = flags;
  const address = listenAddress(flags);
  const vendor = await openFolder(data, () => openVendor(data, { readOnly: false }));
  try {
    const verbs = vendorVerbs(vendor, Date.now);
    let ready = false;
    await serve({
      app: await vendorServer(vendor, verbs, { now: Date.now, ready: () => ready, logLevel }),
      adminApp: await socketServer(verbs, logLevel),
      dir: data,
      ...address,
      onReady: () => {
        ready = true;
      },
    });
  } finally {
    await vendor.close();
  }
}
