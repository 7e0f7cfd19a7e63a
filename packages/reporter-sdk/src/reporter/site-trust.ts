/**
 * Which demands are believed: those signed by the site's pinned key, or the one that took its place, still valid, not rolled
 * back, and speaking of the bucket that was just reported. The pin comes with the reporter key; without one, on this machine
 * only, the first key a server presents is pinned in the spool, as are the keys that were followed since.
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
import {
  checkAnswer,
  checkDemand,
  type FollowedKey,
  fingerprint,
  followSuccession,
  type PresentedKey,
  parseToken,
  type RetiredKey,
  type SuccessionRefusal,
} from '@fr/protocol/signature';
import { path } from '../builtin.ts';
import { readOwnJson, writeDurably } from '../spool/folder/durable-file.ts';
import type { Spool } from '../spool/spool.ts';

const MAX_BYTES = 64 * 1024;

/** Where this machine's programs fail, as conditions of demands name it. */
export const PLATFORM: string = `${process.platform}-${process.arch}`;

/** Why nothing a server says is believed. */
export type NoTrust = SuccessionRefusal | 'no-key';

/** Whose signatures hold; or why nobody's do. */
export type SiteTrust =
  | NoTrust
  | {
      /** Fingerprint of the key in force. */
      readonly pinned: string;
      /** base64url. */
      readonly publicKey: string;
      readonly retired: readonly RetiredKey[];
    };

/** Demands sorted into believed ones and others, with the reason. */
export interface Believed {
  readonly believed: readonly SignedDemand[];
  readonly disbelieved: readonly { readonly demand: SignedDemand; readonly why: string }[];
}

/** Sorts demands. `known` are those believed before for the same bucket, whose versions must not run backwards. */
export function believe(
  demands: readonly SignedDemand[],
  trust: SiteTrust,
  about: { readonly bucket: Bucket; readonly known: readonly SignedDemand[]; readonly now: number },
): Believed {
  const believed: SignedDemand[] = [];
  const disbelieved: { demand: SignedDemand; why: string }[] = [];
  for (const demand of demands) {
    const why = doubt(demand, trust, about);
    if (why === undefined) believed.push(demand);
    else disbelieved.push({ demand, why });
  }
  return { believed, disbelieved };
}

/** The answers that may be shown: signed by the pinned key, about this bucket or its problem, and not rolled back. */
export function believeAnswers(
  answers: readonly SignedAnswer[],
  trust: SiteTrust,
  about: { readonly bucket: Bucket; readonly known: readonly SignedAnswer[] },
): readonly SignedAnswer[] {
  if (typeof trust === 'string') return [];
  const ids = [bucketId(about.bucket), problemId(about.bucket)];
  return answers.filter((answer) => {
    const lastVersion = about.known.find(({ terms }) => terms.about === answer.terms.about)?.terms.version;
    try {
      return ids.includes(answer.terms.about) && !checkAnswer(answer, { ...trust, lastVersion });
    } catch {
      return false;
    }
  });
}

function doubt(
  demand: SignedDemand,
  trust: SiteTrust,
  { bucket, known, now }: Parameters<typeof believe>[2],
): string | undefined {
  if (typeof trust === 'string') return trust;
  if (!matchesBucket(demand.terms.pattern, bucket)) return 'other-bucket';
  const { platforms } = demand.terms.when ?? {};
  if (platforms && !platforms.some((glob) => matchesGlob(glob, PLATFORM))) return 'other-platform';
  const lastVersion = known.find(({ terms }) => terms.id === demand.terms.id)?.terms.version;
  try {
    return checkDemand(demand, { ...trust, now, maxLifeMs: MAX_DEMAND_LIFE_MS, lastVersion });
  } catch {
    return 'bad-signature';
  }
}

/**
 * Whether what a server presents may be believed: the key that the reporter key pins, or (on this machine, without one) the
 * first that was presented; or the one that took its place. Where it moved on, that is written down: there is no way back.
 */
export function trustSite(spool: Spool, server: URL, key: string, presented: PresentedKey): SiteTrust {
  const { followed, known } = examineSite(spool, server, key, presented);
  if (typeof followed === 'string') return followed;
  const pinned = fingerprint(presented.key);
  const isWritten = readPins(spool)[server.origin]?.join() === followed.known.join();
  // What the reporter key itself says need not be written down.
  if (!isWritten && (key === '' || known.join() !== followed.known.join())) {
    const pins = { ...readPins(spool), [server.origin]: followed.known };
    writeDurably(path.join(spool.folder, 'site-key.json'), JSON.stringify(pins));
  }
  return { pinned, publicKey: presented.key, retired: followed.retired };
}

/** As {@link trustSite}, but changes nothing. */
export function examineSite(
  spool: Spool | undefined,
  server: URL,
  key: string,
  presented: PresentedKey,
): { readonly followed: FollowedKey | NoTrust; readonly known: readonly string[] } {
  const written = (spool && readPins(spool)[server.origin]) ?? [];
  const first = firstPin(server, key, written[0] ?? fingerprint(presented.key));
  if (first === undefined) return { followed: 'no-key', known: [] };
  const known = written[0] === first ? written : [first];
  const followed = followSuccession(known, presented);
  if (typeof followed === 'string') return { followed, known };
  const since = followed.known.filter((keyId) => keyId !== first);
  return { followed: { ...followed, known: [first, ...since] }, known };
}

/** Fingerprint that trust begins with; nothing where there is none to begin with. */
function firstPin(server: URL, key: string, first: string): string | undefined {
  if (key === '') return isLoopback(server) ? first : undefined;
  const token = parseToken(key);
  return token?.prefix === 'frk' ? token.fingerprint : undefined;
}

function readPins(spool: Spool): Readonly<Record<string, readonly string[]>> {
  const value = readOwnJson(path.join(spool.folder, 'site-key.json'), MAX_BYTES);
  const pins = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    pins.filter(
      (pin): pin is [string, string[]] =>
        Array.isArray(pin[1]) && pin[1].length > 0 && pin[1].every((each) => typeof each === 'string'),
    ),
  );
}

/** Whether the address can only mean this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
