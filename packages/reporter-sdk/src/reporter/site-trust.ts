/**
 * Which demands are believed: those signed by the site's pinned key, still valid, not rolled back, and speaking of the
 * bucket that was just reported. The pin comes with the reporter key; without one, on this machine only, the first key
 * a server presents is pinned in the spool.
 * @module
 */
import { type Bucket, bucketId, problemId } from '@fr/bucket';
import {
  MAX_DEMAND_LIFE_MS,
  matchesBucket,
  matchesGlob,
  type SignedAnswer,
  type SignedDemand,
} from '@fr/protocol';
import { checkAnswer, checkDemand, fingerprint, parseToken } from '@fr/protocol/signature';
import { path } from '../builtin.ts';
import { readOwnJson, writeDurably } from '../spool/durable-file.ts';
import type { Spool } from '../spool/spool.ts';

const MAX_BYTES = 64 * 1024;

/** Where this machine's programs fail, as conditions of demands name it. */
export const PLATFORM: string = `${process.platform}-${process.arch}`;

/** What came with a reply. */
export interface PresentedDemands {
  readonly demands: readonly SignedDemand[];
  /** The server's public key as it presents it. */
  readonly key: string;
}

/** Demands sorted into believed ones and others, with the reason. */
export interface Believed {
  readonly believed: readonly SignedDemand[];
  readonly disbelieved: readonly { readonly demand: SignedDemand; readonly why: string }[];
}

/** Sorts demands. `known` are those believed before for the same bucket, whose versions must not run backwards. */
export function believe(
  presented: PresentedDemands,
  pinned: string | undefined,
  about: { readonly bucket: Bucket; readonly known: readonly SignedDemand[]; readonly now: number },
): Believed {
  const believed: SignedDemand[] = [];
  const disbelieved: { demand: SignedDemand; why: string }[] = [];
  for (const demand of presented.demands) {
    const why = doubt(demand, presented.key, pinned, about);
    if (why === undefined) believed.push(demand);
    else disbelieved.push({ demand, why });
  }
  return { believed, disbelieved };
}

/** The answers that may be shown: signed by the pinned key, about this bucket or its problem, and not rolled back. */
export function believeAnswers(
  { answers, key: publicKey }: { readonly answers: readonly SignedAnswer[]; readonly key: string },
  pinned: string | undefined,
  about: { readonly bucket: Bucket; readonly known: readonly SignedAnswer[] },
): readonly SignedAnswer[] {
  if (pinned === undefined) return [];
  const ids = [bucketId(about.bucket), problemId(about.bucket)];
  return answers.filter((answer) => {
    const lastVersion = about.known.find(({ terms }) => terms.about === answer.terms.about)?.terms.version;
    try {
      return ids.includes(answer.terms.about) && !checkAnswer(answer, { pinned, publicKey, lastVersion });
    } catch {
      return false;
    }
  });
}

function doubt(
  demand: SignedDemand,
  publicKey: string,
  pinned: string | undefined,
  { bucket, known, now }: Parameters<typeof believe>[2],
): string | undefined {
  if (pinned === undefined) return 'no-key';
  if (!matchesBucket(demand.terms.pattern, bucket)) return 'other-bucket';
  const { platforms } = demand.terms.when ?? {};
  if (platforms && !platforms.some((glob) => matchesGlob(glob, PLATFORM))) return 'other-platform';
  const lastVersion = known.find(({ terms }) => terms.id === demand.terms.id)?.terms.version;
  try {
    return checkDemand(demand, { pinned, publicKey, now, maxLifeMs: MAX_DEMAND_LIFE_MS, lastVersion });
  } catch {
    return 'bad-signature';
  }
}

/** Fingerprint of the site's key for this server: from the reporter key, else pinned before, else none. */
function pinnedKey(spool: Spool, server: URL, key: string): string | undefined {
  if (key !== '') {
    const token = parseToken(key);
    return token?.prefix === 'frk' ? token.fingerprint : undefined;
  }
  return isLoopback(server) ? readPins(spool)[server.origin] : undefined;
}

/** Pins the key a server presents, where no reporter key says better: on this machine, once. */
export function pinAtFirstUse(spool: Spool, server: URL, key: string, presented: string): string | undefined {
  const known = pinnedKey(spool, server, key);
  if (known !== undefined || key !== '' || !isLoopback(server)) return known;
  const pin = fingerprint(presented);
  writeDurably(
    path.join(spool.folder, 'site-key.json'),
    JSON.stringify({ ...readPins(spool), [server.origin]: pin }),
  );
  return pin;
}

function readPins(spool: Spool): Readonly<Record<string, string>> {
  const value = readOwnJson(path.join(spool.folder, 'site-key.json'), MAX_BYTES);
  const pins = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(pins.filter((pin): pin is [string, string] => typeof pin[1] === 'string'));
}

/** Whether the address can only mean this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
