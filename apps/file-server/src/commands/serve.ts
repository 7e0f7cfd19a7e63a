import { resolve } from 'node:path';
import {
  CommandError,
  type ListenFlags,
  listenAddress,
  openFolder,
  printable,
  type RetentionFlags,
  retentionLimits,
  serve,
  withListening,
  withRetention,
} from '@fr/server/command';
import { SITE_LIMITS } from '@fr/store';
import { type PassSummary, parseDuration } from '@fr/sync';
import { type Command, Option } from 'commander';
import { siteServer, socketServer } from '../server.ts';
import { endOtherConversations } from '../site/ended-conversations.ts';
import { watchPolicy } from '../site/policy/policy-watch.ts';
import { openSite, type Site } from '../site/site.ts';
import { pinnedFingerprint, type SiteSettings, type Upstream } from '../site/site-settings.ts';
import { createUpward } from '../site/upward.ts';
import { siteVerbs } from '../verbs/verbs.ts';

interface ServeFlags extends ListenFlags, RetentionFlags {
  readonly upstream?: string;
  readonly upstreamToken?: string;
  readonly upstreamProgram?: readonly string[];
  readonly syncEvery: string;
  readonly countsEvery: string;
  readonly policy?: string;
}

/** Adds `serve`. */
export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the file server on a folder');
  withRetention(withListening(command, 8787))
    .option('--upstream <url>', "the vendor's destination server")
    .addOption(
      // Another user of this machine can read arguments, not the environment.
      new Option('--upstream-token <token>', 'the site token the vendor gave you').env('FR_UPSTREAM_TOKEN'),
    )
    .option('--upstream-program <names...>', 'programs that may be named to it; * for any run of characters')
    .option(
      '--sync-every <duration>',
      'time between passes, as in 30s, 5m, 2h; never where bundles are carried',
      '5m',
    )
    .option(
      '--counts-every <duration>',
      'how long new counts of buckets the destination knows may wait; what is new, and what is wanted, never does',
      '15m',
    )
    .option(
      '--policy <file>',
      'what may be offered, collected and sent (YAML); read again whenever it is saved',
    )
    .action(async (flags: ServeFlags) => {
      const tokenGiven = command.getOptionValueSource('upstreamToken') === 'cli';
      await run(flags, settingsOf(flags, tokenGiven));
    });
}

async function run(flags: ServeFlags, settings: SiteSettings): Promise<void> {
  const { data } = flags;
  const address = listenAddress(flags);
  const retention = retentionLimits(flags, SITE_LIMITS);
  const site = await openFolder(data, () => openSite(data, { readOnly: false, settings, retention }));
  try {
    await serveSite(site, flags, address);
  } finally {
    await site.close();
  }
}

async function serveSite(
  site: Site,
  { data, logLevel }: ServeFlags,
  address: { readonly host: string; readonly port: number },
): Promise<void> {
  const { upstream } = site.settings;
  // Where the disk is ill, something else says so; the next start forgets it.
  if (upstream) await endOtherConversations(site, new URL(upstream.url).origin).catch(() => undefined);
  const upward = createUpward(site, Date.now);
  const watch = watchPolicy(site.policy);
  try {
    const verbs = siteVerbs(site, upward, Date.now);
    let ready = false;
    await serve({
      app: await siteServer(site, verbs, { now: Date.now, ready: () => ready, logLevel }),
      adminApp: await socketServer(verbs, logLevel),
      dir: data,
      ...address,
      onReady: () => {
        ready = true;
        upward.start((summary) => logPass(summary));
      },
      onStop: () => upward.stop(),
    });
  } finally {
    watch.stop();
    await upward.stop();
  }
}

/** A pass that failed is said on stderr; that sending is switched off was said when the policy was. */
function logPass({ failure }: PassSummary): void {
  if (failure && failure.code !== 'switched-off' && failure.code !== 'not-now')
    process.stderr.write(`fr-admin: sync: ${printable(failure.message)}; the next pass tries again\n`);
}

/** Everything is checked here, before a folder is made. `tokenGiven`: by hand, not by the environment. */
function settingsOf(flags: ServeFlags, tokenGiven: boolean): SiteSettings {
  // Absolute: commands read it later, from wherever they are called.
  const policy = flags.policy === undefined ? {} : { policyFile: resolve(flags.policy) };
  const everyMs = flags.syncEvery === 'never' ? 0 : parseDuration(flags.syncEvery);
  if (everyMs === undefined)
    throw new CommandError(
      'usage',
      `--sync-every "${flags.syncEvery}" is not a duration; write 30s, 5m, 2h or never`,
    );
  const countsEveryMs = parseDuration(flags.countsEvery);
  if (countsEveryMs === undefined)
    throw new CommandError(
      'usage',
      `--counts-every "${flags.countsEvery}" is not a duration; write 15m or 1h (with every pass: what --sync-every says)`,
    );
  if (flags.upstream === undefined) {
    const lonely = tokenGiven ? '--upstream-token' : flags.upstreamProgram && '--upstream-program';
    if (lonely) throw new CommandError('usage', `${lonely} needs --upstream URL, the vendor's address`);
    return policy;
  }
  const upstream: Upstream = {
    url: urlOf(flags.upstream),
    token: tokenOf(flags),
    programs: flags.upstreamProgram ?? [],
    everyMs,
    countsEveryMs,
  };
  // Throws where it is not a site's token.
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
