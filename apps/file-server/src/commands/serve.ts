import { CommandError, serve } from '@fr/server/command';
import { type PassSummary, parseDuration } from '@fr/sync';
import type { Command } from 'commander';
import { siteServer, socketServer } from '../server.ts';
import { openSite } from '../site/site.ts';
import { pinnedFingerprint, type SiteSettings, type Upstream } from '../site/site-settings.ts';
import { createUpward } from '../site/upward.ts';
import { siteVerbs } from '../verbs/verbs.ts';

interface ServeFlags {
  readonly data: string;
  readonly host: string;
  readonly port: string;
  readonly upstream?: string;
  readonly upstreamToken?: string;
  readonly upstreamProgram?: readonly string[];
  readonly syncEvery: string;
  readonly policy?: string;
  readonly logLevel: string;
}

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  const token = process.env['FR_UPSTREAM_TOKEN'];
  program
    .command('serve')
    .description('run the file server on a folder')
    .requiredOption(
      '--data <dir>',
      'the folder; made if it is not there (or FR_DATA)',
      process.env['FR_DATA'],
    )
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <n>', '0 picks a free one', '8787')
    .option('--upstream <url>', "the vendor's destination server")
    .option(
      '--upstream-token <token>',
      'the site token the vendor gave you (or FR_UPSTREAM_TOKEN, which other users cannot see)',
      token,
    )
    .option('--upstream-program <names...>', 'programs that may be named to it; * for any run of characters')
    .option('--sync-every <duration>', 'time between passes, as in 30s, 5m, 2h', '5m')
    .option('--policy <file>', 'what may be offered, collected and sent (YAML)')
    .option('--log-level <level>', 'silent, error, warn, info or debug', 'warn')
    .action(async (flags: ServeFlags) => await run(flags));
}

async function run(flags: ServeFlags): Promise<void> {
  const settings = settingsOf(flags);
  const port = portOf(flags.port);
  const site = await openSite(flags.data, { readOnly: false, settings });
  const upward = createUpward(site, Date.now);
  const verbs = siteVerbs(site, upward, Date.now);
  let ready = false;
  try {
    const app = await siteServer(site, verbs, {
      now: Date.now,
      ready: () => ready,
      logLevel: flags.logLevel,
    });
    await serve({
      app,
      adminApp: await socketServer(verbs, flags.logLevel),
      dir: flags.data,
      host: flags.host,
      port,
      onReady: () => {
        ready = true;
        upward.start((summary) => logPass(summary));
      },
      close: async () => {
        await upward.stop();
        await site.close();
      },
    });
  } catch (error) {
    await upward.stop();
    await site.close();
    throw error;
  }
}

/** A pass that failed is said on stderr; entries stay pending and the next pass tries again. */
function logPass({ failure }: PassSummary): void {
  if (failure)
    process.stderr.write(`fr-admin: sync: ${failure.message} (${failure.code}); the next pass tries again\n`);
}

function settingsOf(flags: ServeFlags): SiteSettings {
  const policy = flags.policy === undefined ? {} : { policyFile: flags.policy };
  const everyMs = parseDuration(flags.syncEvery);
  if (everyMs === undefined)
    throw new CommandError(
      'usage',
      `--sync-every "${flags.syncEvery}" is not a duration; write 30s, 5m or 2h`,
    );
  if (flags.upstream === undefined) {
    if (flags.upstreamProgram !== undefined)
      throw new CommandError('usage', '--upstream-program needs --upstream URL and --upstream-token TOKEN');
    return policy;
  }
  const upstream: Upstream = {
    url: urlOf(flags.upstream),
    token: tokenOf(flags),
    programs: flags.upstreamProgram ?? [],
    everyMs,
  };
  pinnedFingerprint(upstream);
  if (upstream.programs.length === 0 && flags.policy === undefined) {
    process.stderr.write(
      'fr-admin: no --upstream-program NAME and no --policy: nothing will be offered to the destination\n',
    );
  }
  return { ...policy, upstream };
}

function tokenOf({ upstreamToken }: ServeFlags): string {
  if (upstreamToken !== undefined) return upstreamToken.trim();
  throw new CommandError(
    'usage',
    '--upstream needs --upstream-token (or FR_UPSTREAM_TOKEN); the vendor makes one with `fr-destination sites add NAME`',
  );
}

function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url.origin;
  throw new CommandError(
    'usage',
    `--upstream "${text}" is not an address; write http://HOST:PORT or https://HOST`,
  );
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new CommandError('usage', `--port "${text}" is not a port; use 1 to 65535, or 0 for a free one`);
}
