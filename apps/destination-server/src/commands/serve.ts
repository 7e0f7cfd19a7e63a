import {
  type ListenFlags,
  listenAddress,
  openFolder,
  type RetentionFlags,
  retentionLimits,
  serve,
  withListening,
  withRetention,
} from '@fr/server/command';
import { VENDOR_LIMITS } from '@fr/store';
import type { Command } from 'commander';
import { socketServer, vendorServer } from '../server.ts';
import { openVendor } from '../vendor/vendor.ts';
import { vendorVerbs } from '../verbs/verbs.ts';

type ServeFlags = ListenFlags & RetentionFlags;

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the destination server on a folder');
  withRetention(withListening(command, 8788)).action(async (flags: ServeFlags) => await run(flags));
}

async function run(flags: ServeFlags): Promise<void> {
  const { data, logLevel } = flags;
  const address = listenAddress(flags);
  const retention = retentionLimits(flags, VENDOR_LIMITS);
  const vendor = await openFolder(data, () => openVendor(data, { readOnly: false, retention }));
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
