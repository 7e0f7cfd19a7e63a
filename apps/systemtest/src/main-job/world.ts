import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { command, type ServerProcess, startServer } from '@fr/test-harness';
import { type ClientMachine, installClient } from '../harness/client-machine.ts';
import { BIN } from '../harness/paths.ts';
import { type RecordingProxy, startRecordingProxy } from '../harness/recording-proxy.ts';

/** Two client machines, one site, one vendor, and a recorder on each of the two hops. */
export interface World {
  readonly dir: string;
  readonly siteData: string;
  readonly vendorData: string;
  readonly vendor: ServerProcess;
  readonly site: ServerProcess;
  /** Between reporters and site. */
  readonly siteDoor: RecordingProxy;
  /** Between site and vendor. */
  readonly vendorDoor: RecordingProxy;
  readonly clientA: ClientMachine;
  readonly clientB: ClientMachine;
  /** Stops everything; the folder stays. */
  close(): Promise<void>;
  /** Takes the recorders out and starts the site anew, straight on the vendor and for good; returns it. */
  handOver(): Promise<ServerProcess>;
}

/** How a world is made. */
export interface WorldOptions {
  /** More options for the site's `serve`. */
  readonly siteOptions?: readonly string[];
  /** Programs the site lets be named upstream; default the example host's. */
  readonly programs?: readonly string[];
  /** Lets the servers outlive us; their output goes to files in the world's folder. */
  readonly outlive?: boolean;
}

/** Starts everything in an empty folder: all real processes on loopback, ports chosen by the system. */
export async function createWorld(dir: string, options: WorldOptions = {}): Promise<World> {
  const siteData = join(dir, 'site');
  const vendorData = join(dir, 'vendor');
  await mkdir(dir, { recursive: true });
  const vendorLog = options.outlive === true ? { log: join(dir, 'vendor.log') } : {};
  const vendor = await startServer(BIN.frDestination, ['--data', vendorData, '--port', '0'], vendorLog);
  const token = (
    await command(BIN.frDestination, ['sites', 'add', 'north-clinic', '--data', vendorData])
  ).trim();
  const vendorDoor = await startRecordingProxy(vendor.url);
  const site = await startSite(siteData, vendorDoor.url, token, options);
  const siteDoor = await startRecordingProxy(site.url);
  const clientA = await installClient('client A', join(dir, 'client-a', 'opt'), siteDoor.url);
  const clientB = await installClient(
    'client B',
    join(dir, 'client-b', 'home', 'kim', 'my apps'),
    siteDoor.url,
  );
  return {
    dir,
    siteData,
    vendorData,
    vendor,
    site,
    siteDoor,
    vendorDoor,
    clientA,
    clientB,
    async close() {
      await Promise.all([site.stop(), vendor.stop()]);
      await Promise.all([siteDoor.close(), vendorDoor.close()]);
    },
    async handOver() {
      await site.stop();
      await Promise.all([siteDoor.close(), vendorDoor.close()]);
      const log = { ...options, siteOptions: ['--sync-every', '1m'] };
      return await startSite(siteData, vendor.url, token, log, join(dir, 'site.log'));
    },
  };
}

/** Starts a file server whose passes run only when asked for (or by the given options). */
export async function startSite(
  data: string,
  upstream: string,
  token: string,
  options: WorldOptions = {},
  log?: string,
): Promise<ServerProcess> {
  const programs = options.programs ?? ['till'];
  const words = ['--data', data, '--port', '0', '--upstream', upstream, '--upstream-token', token];
  const named = programs.flatMap((program) => ['--upstream-program', program]);
  return await startServer(
    BIN.frAdmin,
    [...words, ...named, ...(options.siteOptions ?? ['--sync-every', '24h'])],
    log === undefined ? {} : { log },
  );
}
