import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseToken } from '@fr/protocol/signature';
import { CommandError } from '@fr/server/command';

/** Where entries go that are asked for, and what may be named there. */
export interface Upstream {
  /** The destination server's address. */
  readonly url: string;
  /** `frs_…` as printed by `fr-destination sites add`. */
  readonly token: string;
  /** Patterns (`*`) of the programs that may be offered at all. */
  readonly programs: readonly string[];
  /** Milliseconds between passes; 0: never, where bundles are carried instead. */
  readonly everyMs: number;
  /** Milliseconds for which passes of the schedule keep counts of known buckets back; see `countsEveryMs` of a pass. */
  readonly countsEveryMs: number;
}

/** What `serve` was started with. */
export interface SiteSettings {
  readonly upstream?: Upstream;
  readonly policyFile?: string;
}

const FILE = 'site.json';

/** Fingerprint of the vendor's key, out of the token that pins it. */
export function pinnedFingerprint(upstream: Upstream): string {
  const token = parseToken(upstream.token);
  if (token?.prefix === 'frs') return token.fingerprint;
  throw new CommandError(
    'usage',
    'the upstream token is not a site token; it begins with frs_ and comes from `fr-destination sites add NAME` (cut off when copied?)',
  );
}

/** The settings last written, or none. */
export async function readSiteSettings(dir: string): Promise<SiteSettings> {
  const text = await readFile(join(dir, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  try {
    return JSON.parse(text) as SiteSettings;
  } catch (cause) {
    throw new CommandError(
      'failed',
      `${join(dir, FILE)} is not JSON; remove it and start \`serve\` with its options again`,
      { cause },
    );
  }
}

/** Keeps the settings for the commands; readable by the owner alone, as they hold the upstream token. */
export async function writeSiteSettings(dir: string, settings: SiteSettings): Promise<void> {
  const path = join(dir, FILE);
  await writeFile(`${path}.tmp`, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}
